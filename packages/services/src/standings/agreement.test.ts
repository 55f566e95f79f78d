import type { Db } from "@pitwall/db/database";
import { leagueBuilds, leagueMembers, standingsBuilds } from "@pitwall/db/schema";
import type { BuiltRace } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { eq, sql } from "drizzle-orm";
import fc from "fast-check";
import { expect } from "vitest";
import { asClock, asGuest, asUser } from "../context.fixture.ts";
import { createLeague } from "../leagues/membership.ts";
import { record, result } from "../results/results.fixture.ts";
import { deleteOld } from "../retention.ts";
import { type Played, play, wanted } from "./agreement.fixture.ts";
import { buildLeague } from "./league-builds.ts";
import { aroundInLeague, leagueStandings } from "./leagues.ts";
import { aroundTeam, globalStandings } from "./reading.ts";
import { type Entrant, finishing } from "./standings.fixture.ts";
import type { AsOf, StandingsPage } from "./views.ts";

const season = fc.record({
  // The last captain of all is nobody: a team without a line-up.
  captains: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 2, maxLength: 7 }),
  races: fc.integer({ min: 1, max: 3 }),
  answers: fc.array(
    fc.record({
      race: fc.integer({ min: 0, max: 2 }),
      finish: fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 2, maxLength: 4 }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  members: fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
});

test("every standing is the one that the rules give, whatever was corrected, and stays so overnight", {
  timeout: 120_000,
}, async ({ database: { db } }) => {
  await fc.assert(
    fc.asyncProperty(season, async ({ captains, races, answers, members }) => {
      const first = Array.from({ length: races }, (_, race) => ({ race, finish: [race, 3, 4] }));
      const told = [...first, ...answers.filter(({ race }) => race < races)];
      const played = await play(db, captains, told, races);
      const inLeague = played.entrants.filter((_, place) => place === 0 || members[place]);
      const leagueId = await aLeagueOf(db, played.year, inLeague);

      await agrees(db, played, { leagueId, inLeague });
      await buildLeague(asClock(db, new Date()), { leagueId });
      await agrees(db, played, { leagueId, inLeague });
      await db.update(standingsBuilds).set({ builtAt: sql`clock_timestamp() - interval '2 days'` });
      await deleteOld(asClock(db, new Date()));
      await agrees(db, played, { leagueId, inLeague });
      await db.delete(leagueBuilds).where(eq(leagueBuilds.leagueId, leagueId));
    }),
    { numRuns: 5 },
  );
});

test("a correction there and back leaves the very same rows", async ({ database: { db } }) => {
  const there = [
    { race: 0, finish: [0, 1, 2] },
    { race: 1, finish: [1, 0, 2] },
  ];
  const { races } = await play(db, [0, 1, 1, 2, 4], there, 2, async (played) => {
    const before = await rowsInForce(db, played.races);
    await record(db, played.races[0] ?? fail(), result(finishing(played.drivers, [2, 0])), 27);
    expect(await rowsInForce(db, played.races)).not.toEqual(before);
    await record(db, played.races[0] ?? fail(), result(finishing(played.drivers, [0, 1, 2])), 51);
    expect(await rowsInForce(db, played.races)).toEqual(before);
  });
  expect(races).toHaveLength(2);
});

async function rowsInForce(db: Db, races: readonly BuiltRace[]): Promise<unknown> {
  const ids = sql.join(
    races.map(({ id }) => sql`${id}`),
    sql`, `,
  );
  const of = (columns: string, table: string) =>
    db.execute(sql`select race_id, ${sql.raw(columns)} from ${sql.raw(table)} placed
      join standings_builds build on build.id = placed.build_id join races on races.build_id = build.id
      where races.id in (${ids}) order by ${sql.raw(`race_id, ${columns}`)}`);
  const [rows, steps, raceSteps] = [
    await of("team_id, race_points, total, best", "standings"),
    await of("total, above, placed.teams", "rank_steps"),
    await of("race_points, above, placed.teams", "race_rank_steps"),
  ];
  return { rows: rows.rows, steps: steps.rows, raceSteps: raceSteps.rows };
}

async function agrees(
  db: Db,
  { year, races, expected, entrants }: Played,
  { leagueId, inLeague }: { readonly leagueId: string; readonly inLeague: readonly Entrant[] },
): Promise<void> {
  const founder = asUser(db, inLeague[0]?.owner ?? fail());
  for (const by of ["total", "race"] as const) {
    for (const [key, { after, before }] of expected) {
      const [race, revision] = key.split(" ").map(Number);
      const asOf: AsOf[] = [{ race: races[race ?? 0]?.slug, revision }];
      if (race === races.length - 1 && !expected.has(`${race} ${(revision ?? 0) + 1}`)) asOf.push({});
      for (const one of asOf) {
        const inGame = {
          page: (rest: object) => globalStandings(asGuest(db), { season: year, by, ...one, limit: 100, ...rest }),
          around: (teamId: string) => aroundTeam(asGuest(db), { teamId, each: 1, by, ...one }),
        };
        await boardAgrees(inGame, wanted(entrants, { after, before, by }));
        const amongFriends = {
          page: (rest: object) =>
            leagueStandings(founder, { id: leagueId, by, ...one, limit: 100, offset: 0, ...rest }),
          around: (teamId: string) => aroundInLeague(founder, { id: leagueId, teamId, each: 1, by, ...one }),
        };
        await boardAgrees(amongFriends, wanted(inLeague, { after, before, by }));
      }
    }
  }
}

interface BoardAsked {
  readonly page: (rest: { limit?: number; cursor?: string }) => Promise<StandingsPage>;
  readonly around: (teamId: string) => Promise<{ items: StandingsPage["items"] }>;
}

/** The whole of it, page by page, and around each team. */
async function boardAgrees({ page, around }: BoardAsked, board: ReturnType<typeof wanted>): Promise<void> {
  const whole = await page({});
  expect(whole.items).toMatchObject(board);
  expect(whole).toMatchObject({ total: board.length, nextCursor: null });
  const pages: StandingsPage["items"] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const next: StandingsPage = await page({ limit: 2, ...(cursor !== undefined && { cursor }) });
    pages.push(...next.items);
    cursor = next.nextCursor;
  }
  expect(pages).toEqual(whole.items);
  for (const [n, { teamId }] of board.entries())
    expect((await around(teamId)).items).toEqual(whole.items.slice(Math.max(0, n - 1), n + 2));
}

async function aLeagueOf(db: Db, year: number, entrants: readonly Entrant[]): Promise<string> {
  const [founder, ...others] = entrants;
  if (!founder) throw new Error("a league needs a founder");
  const ofFounder = { season: year, name: "Friends", isPrivate: true, seats: 20, teamId: founder.team.id };
  const { id: leagueId } = await createLeague(asUser(db, founder.owner), ofFounder);
  const seats = others.map(({ owner, team }) => ({ leagueId, userId: owner.id, teamId: team.id, season: year }));
  if (seats.length > 0) await db.insert(leagueMembers).values(seats);
  return leagueId;
}

function fail(): never {
  throw new Error("it was built a moment ago");
}
