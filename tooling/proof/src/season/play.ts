import { DAY, HOUR, MINUTE } from "@pitwall/domain/durations";
import { inWords } from "../breach.ts";
import { oracle } from "../oracle.ts";
import { dueToField } from "./book.ts";
import { type PlacedRace, racesIn } from "./calendar.ts";
import { officialsAct, somebodyActs } from "./doing.ts";
import { lookAgain, theClockStrikes } from "./jobs.ts";
import type { Run } from "./run.ts";

/** Plays the season of a run to its end, and asks at the end, and sometimes on the way, whether all of it holds. */
export async function play(run: Run): Promise<void> {
  const { world, chance, journal } = run;
  const [first] = world.facts.races;
  const opensAt = (first?.sessions.race.getTime() ?? 0) - 7 * DAY;
  for (let moment = 0; moment < 10; moment += 1) {
    await world.turnTo(new Date(opensAt + moment * MINUTE));
    await somebodyActs(run);
  }
  for (let races = await racesAt(run); ; races = await racesAt(run)) {
    const at = nextMoment(run, races);
    if (at === null) break;
    await world.turnTo(at);
    if (chance.happens(0.5)) await somebodyActs(run);
    if (chance.happens(0.2)) await officialsAct(run, races);
    if (chance.happens(0.5)) await theClockStrikes(run, "troubled");
    if (chance.happens(0.02)) await judge(run);
  }
  await settle(run);
  journal.note(world.now(), "the season is over");
  await judge(run);
}

/** The source runs the races where race control has put them. */
async function racesAt(run: Run): Promise<PlacedRace[]> {
  const races = await racesIn(run.world);
  run.upstream.flags.clear();
  for (const { slug, flagDueAt, isCancelled } of races)
    if (!isCancelled) run.upstream.flags.set(slug, { flagAt: flagDueAt, hour: HOUR });
  return races;
}

/** What matters lies around the lock and after the flag; in milliseconds from either. */
const FROM_LOCK = [-50 * HOUR, -3 * HOUR, -2, 0, 3, 20 * MINUTE];
const FROM_FLAG = [70 * MINUTE, 3 * HOUR, 14 * HOUR, 40 * HOUR, 75 * HOUR, 9 * DAY];

function nextMoment({ world, chance }: Run, races: readonly PlacedRace[]): Date | null {
  const running = races.filter(({ isCancelled }) => !isCancelled);
  const now = world.now().getTime();
  const moments = running
    .flatMap(({ lockAt, flagDueAt }) => [
      ...FROM_LOCK.map((after) => lockAt.getTime() + after),
      ...FROM_FLAG.map((after) => flagDueAt.getTime() + after),
    ])
    .filter((at) => at > now)
    .sort((a, b) => a - b);
  const at = moments[chance.happens(0.3) ? 1 : 0] ?? moments[0];
  return at === undefined ? null : new Date(at);
}

/** Nothing goes wrong any more, until the source has said its last word on every race and it has been heard. */
async function settle(run: Run): Promise<void> {
  const { world, breaches } = run;
  for (let round = 0; round < 2; round += 1) {
    await world.turnTo(new Date(world.now().getTime() + 30 * DAY));
    await theClockStrikes(run, "calm");
  }
  for (const { id, slug, isCancelled } of await racesAt(run)) {
    const isKnown = world.facts.races.some((race) => race.slug === slug);
    if (isCancelled || !isKnown) continue;
    const outcomes: (string | undefined)[] = [];
    for (let look = 0; look < 3; look += 1) {
      await world.turnTo(new Date(world.now().getTime() + 2 * HOUR));
      outcomes.push(await lookAgain(run, id));
      if (outcomes.at(-1) === "unchanged") break;
    }
    if (outcomes.at(-1) !== "unchanged") breaches.push(`the result of ${slug} does not settle: ${outcomes.join(", ")}`);
  }
}

async function judge(run: Run): Promise<void> {
  const { world, breaches, journal } = run;
  const found = [...(await oracle(world.database.db)).map(inWords), ...(await wronglyFielded(run))];
  if (found.length === 0) return;
  for (const words of found) journal.note(world.now(), `BREACH ${words}`);
  breaches.push(...found);
}

/** Teams that field something else than what their owners had been told. */
async function wronglyFielded({ world, book }: Run): Promise<string[]> {
  const { rows } = await world.database.pool.query<{ slug: string; lockAt: Date; fielded: Record<string, string> }>({
    ...{ name: "fielded", text: FIELDED },
  });
  return rows.flatMap(({ slug, lockAt, fielded }) =>
    [...book.teams.values()].flatMap((team) => {
      const due = dueToField(team, lockAt);
      const wanted = due === null ? undefined : `${[...due.driverIds].sort().join(" ")}, captain ${due.captainId}`;
      return wanted === fielded[team.name]
        ? []
        : [`${team.name} fields ${fielded[team.name]} in ${slug}, and not ${wanted}`];
    }),
  );
}

const FIELDED = `
  select race.slug, race.lock_at as "lockAt", coalesce((
    select jsonb_object_agg(team.name, (
      select string_agg(driver.id, ' ' order by driver.id collate "C") from drivers driver where driver.key = any (lineup.drivers)
    ) || ', captain ' || captain.id)
    from fielded join teams team on team.id = team_id join lineups lineup on lineup.id = lineup_id join drivers captain on captain.key = lineup.captain
    where fielded.race_id = race.id
  ), '{}') as fielded
  from races race where locked_at is not null order by lock_at`;
