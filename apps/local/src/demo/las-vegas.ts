import type { Pitwall } from "@pitwall/client";
import { inParallel, type Player } from "./players.ts";
import { say, table } from "./screen.ts";

const RACE = { season: 2025, slug: "las-vegas-grand-prix" } as const;

type Standing = Awaited<ReturnType<Pitwall["standings"]["global"]["query"]>>["items"][number];

/** The standings of the whole game after Las Vegas, as they are at this moment. */
export async function standingsNow(client: Pitwall): Promise<Standing[]> {
  const all: Standing[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.standings.global.query({
      season: RACE.season,
      race: RACE.slug,
      limit: 100,
      ...(cursor && { cursor }),
    });
    all.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return all;
}

/** The weekend told after it happened: what was published first, what the stewards made of it, and whom that moved. */
export async function tellLasVegas(
  client: Pitwall,
  players: readonly Player[],
  before: readonly Standing[],
  after: readonly Standing[],
): Promise<void> {
  const [provisional, final] = await Promise.all(
    [1, 2].map((revision) => client.results.current.query({ ...RACE, revision })),
  );
  if (!provisional || !final) throw new Error("Las Vegas has not two revisions");
  say("\nLas Vegas: the order at the flag, and after two disqualifications\n");
  const finalCars = new Map(cars(final).map((car) => [car.driverId, car]));
  table(
    ["at the flag", "driver", "car", "points", "corrected", "points"],
    cars(provisional)
      .slice(0, 12)
      .map((car) => {
        const then = finalCars.get(car.driverId);
        const place = then?.finish === "classified" ? `P${then.position}` : "disqualified";
        return [`P${car.position}`, car.driverId, car.constructorId, car.points, place, then?.points ?? 0];
      }),
  );
  tellMoves(before, after);
  await tellMostMoved(players, before, after);
}

function cars(result: { sessions: readonly { session: string; cars: readonly Car[] }[] }): readonly Car[] {
  return result.sessions.find((session) => session.session === "race")?.cars ?? [];
}

interface Car {
  readonly driverId: string;
  readonly constructorId: string;
  readonly position: number;
  readonly points: number;
  readonly finish: string;
}

function tellMoves(before: readonly Standing[], after: readonly Standing[]): void {
  const was = new Map(before.map((row) => [row.teamId, row]));
  say("\nThe standings, before the correction and after it\n");
  table(
    ["rank", "was", "team", "player", "total", "was"],
    after.slice(0, 10).map((row) => {
      const old = was.get(row.teamId);
      return [
        row.rank,
        old?.rank ?? "–",
        row.teamName,
        row.username,
        row.total.toFixed(1),
        old?.total.toFixed(1) ?? "–",
      ];
    }),
  );
  const moved = after
    .map((row) => ({
      ...row,
      gained: Math.round((row.total - (was.get(row.teamId)?.total ?? row.total)) * 10) / 10,
      places: (was.get(row.teamId)?.rank ?? row.rank) - row.rank,
    }))
    .sort((a, b) => b.gained - a.gained || b.places - a.places);
  say("\nWho gained and who lost\n");
  table(
    ["team", "player", "points", "places"],
    [...moved.slice(0, 5), ...moved.slice(-5)].map((row) => [
      row.teamName,
      row.username,
      signed(row.gained),
      signed(row.places),
    ]),
  );
  const counts = [moved.filter((row) => row.gained > 0).length, moved.filter((row) => row.gained < 0).length];
  say(
    `${counts[0]} teams gained points, ${counts[1]} lost points, ${moved.length - (counts[0] ?? 0) - (counts[1] ?? 0)} kept theirs.`,
  );
}

function signed(value: number): string {
  if (value === 0) return "±0";
  return value > 0 ? `+${value}` : String(value);
}

/** What the player who lost most reads in his inbox, and how his new score comes about. */
async function tellMostMoved(
  players: readonly Player[],
  before: readonly Standing[],
  after: readonly Standing[],
): Promise<void> {
  const was = new Map(before.map((row) => [row.teamId, row.total]));
  const [unlucky] = [...after].sort(
    (a, b) => a.total - (was.get(a.teamId) ?? 0) - (b.total - (was.get(b.teamId) ?? 0)),
  );
  const player = players.find((one) => one.teamId === unlucky?.teamId);
  if (!player) return;
  const inbox = await player.client.notifications.list.query({ limit: 100 });
  say(`\nWhat ${player.username} was told\n`);
  const told = inbox.items.filter((note) => note.link?.includes(RACE.slug));
  for (const note of told.reverse()) say(`  ${note.title}\n    ${note.body}`);
  const ledger = await player.client.scores.ledger.query({ id: player.teamId, ...RACE });
  say("\nHow that score comes about\n");
  table(
    ["driver", "rule", "", "points", "×", "total"],
    ledger.lines.map((line) => [line.driverId, line.rule, line.detail, line.points, line.multiplier, line.total]),
  );
  say(`Together ${ledger.points} points, under revision ${ledger.revision} and the rules ${ledger.run.ruleSet}.`);
}

/** How many players read what the correction did to them: nobody twice. */
export async function countTold(players: readonly Player[]): Promise<{ players: number; twice: number }> {
  const counts = await inParallel(players, 8, async (player) => {
    const inbox = await player.client.notifications.list.query({ limit: 100 });
    return inbox.items.filter(
      (note) =>
        note.type === "correction" &&
        note.link?.includes(RACE.slug) &&
        Array.isArray(note.data.teams) &&
        note.data.teams.length > 0,
    ).length;
  });
  return { players: counts.filter((count) => count > 0).length, twice: counts.filter((count) => count > 1).length };
}
