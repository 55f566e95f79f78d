import type { Db } from "@pitwall/db/database";
import { teamLineups, teams } from "@pitwall/db/schema";
import { HOUR } from "@pitwall/domain/durations";
import { aRace, aSeason, aUser, type BuiltDriver, lockNow, moveRace, someDrivers } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { eq, sql } from "drizzle-orm";
import { describe, expect } from "vitest";
import { asGuest, asUser } from "./context.fixture.ts";
import { lineupOf } from "./lineups.ts";
import { meanwhile } from "./meanwhile.fixture.ts";
import { lockDueRaces } from "./races.ts";
import { lineupHistory } from "./teams/history.ts";
import { checkLineup, createTeam, listTeams, setLineup } from "./teams.ts";

/** Ten drivers of five constructors at 15.0 M each, so that any five of different cars cost 75.0 M. */
async function anOpenSeason(db: Db, prices?: number[]) {
  const season = await aSeason(db);
  const drivers = await someDrivers(db, season, prices);
  const race = await aRace(db, { season, lockIn: HOUR, drivers });
  return { season, drivers, race };
}

function five(drivers: readonly BuiltDriver[], ...at: number[]): { driverIds: string[]; captainId: string } {
  const driverIds = at.map((index) => drivers[index]?.id ?? "");
  return { driverIds, captainId: driverIds[0] ?? "" };
}

describe("entering a team", () => {
  test("saves it with its line-up for the next open race", async ({ database: { db } }) => {
    const { season, drivers, race } = await anOpenSeason(db);
    const ctx = asUser(db, await aUser(db));
    const team = await createTeam(ctx, { season, name: "Scuderia Test", ...five(drivers, 0, 2, 4, 6, 8) });
    expect(team).toMatchObject({ season, name: "Scuderia Test", version: 1 });
    const lineup = await lineupOf(ctx, { teamId: team.id });
    expect(lineup).toMatchObject({
      captainId: drivers[0]?.id,
      cost: 750,
      budget: 1000,
      remaining: 250,
      race: { slug: race.slug, isLocked: false },
    });
  });

  test("accepts a line-up that costs the budget to the last tenth", async ({ database: { db } }) => {
    const { season, drivers } = await anOpenSeason(db, [200, 1, 200, 1, 200, 1, 200, 1, 200, 1]);
    const ctx = asUser(db, await aUser(db));
    await createTeam(ctx, { season, name: "To the tenth", ...five(drivers, 0, 2, 4, 6, 8) });
  });

  test("names every broken rule at once, with its figures, and saves nothing", async ({ database: { db } }) => {
    const { season, drivers } = await anOpenSeason(db, Array(10).fill(250));
    const owner = await aUser(db);
    const refusal = createTeam(asUser(db, owner), {
      season,
      name: "All wrong",
      driverIds: [
        drivers[0]?.id ?? "",
        drivers[0]?.id ?? "",
        drivers[1]?.id ?? "",
        drivers[2]?.id ?? "",
        drivers[3]?.id ?? "",
        "nobody",
      ],
      captainId: "somebody",
    });
    await expect(refusal).rejects.toMatchObject({
      kind: "broken_rule",
      reason: "lineup.breaks_rules",
      faults: expect.arrayContaining(
        ["lineup.wrong_size", "lineup.duplicate_driver", "lineup.unknown_driver", "lineup.captain_not_in_lineup"].map(
          (reason) => expect.objectContaining({ reason }),
        ),
      ),
    });
    expect(await db.select().from(teams).where(eq(teams.ownerId, owner.id))).toEqual([]);
  });

  test("says by how much a line-up is over budget", async ({ database: { db } }) => {
    const { season, drivers } = await anOpenSeason(db, Array(10).fill(201));
    const refusal = createTeam(asUser(db, await aUser(db)), {
      season,
      name: "Too dear",
      ...five(drivers, 0, 2, 4, 6, 8),
    });
    await expect(refusal).rejects.toMatchObject({
      faults: [{ reason: "lineup.over_budget", cost: 100.5, budget: 100, over: 0.5 }],
    });
  });

  test("refuses a sixth team in a season, also when six are entered at once", async ({ database: { db } }) => {
    const { season, drivers } = await anOpenSeason(db);
    const owner = await aUser(db);
    const entries = Array.from({ length: 6 }, (_, n) =>
      createTeam(asUser(db, owner), { season, name: `Team ${n + 1}`, ...five(drivers, 0, 2, 4, 6, 8) }),
    );
    const outcomes = await Promise.allSettled(entries);
    expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(5);
    const refused = outcomes.find((outcome) => outcome.status === "rejected");
    expect(refused?.reason).toMatchObject({ kind: "broken_rule", reason: "team.too_many" });
  });

  test("is for people who signed in", async ({ database: { db } }) => {
    const { season, drivers } = await anOpenSeason(db);
    const entry = createTeam(asGuest(db), { season, name: "Nobody's", ...five(drivers, 0, 2, 4, 6, 8) });
    await expect(entry).rejects.toMatchObject({ kind: "unauthenticated", reason: "auth.required" });
  });
});

describe("changing a line-up", () => {
  async function aTeamOf(db: Db) {
    const open = await anOpenSeason(db);
    const owner = await aUser(db);
    const ctx = asUser(db, owner);
    const team = await createTeam(ctx, {
      season: open.season,
      name: "Changeable",
      ...five(open.drivers, 0, 2, 4, 6, 8),
    });
    return { ...open, owner, ctx, team };
  }

  test("replaces it whole and counts the version up", async ({ database: { db } }) => {
    const { ctx, team, drivers } = await aTeamOf(db);
    const changed = await setLineup(ctx, { id: team.id, version: 1, ...five(drivers, 9, 7, 5, 3, 1) });
    expect(changed.version).toBe(2);
    const history = await lineupHistory(ctx, { id: team.id, limit: 50, offset: 0 });
    expect(history.items.map((item) => [item.version, item.captainId])).toEqual([
      [2, drivers[9]?.id],
      [1, drivers[0]?.id],
    ]);
  });

  test("lets one of two simultaneous changes through and calls the other stale", async ({ database: { db } }) => {
    const { ctx, team, drivers } = await aTeamOf(db);
    const outcomes = await Promise.allSettled([
      setLineup(ctx, { id: team.id, version: 1, ...five(drivers, 9, 7, 5, 3, 1) }),
      setLineup(ctx, { id: team.id, version: 1, ...five(drivers, 1, 3, 5, 7, 9) }),
    ]);
    expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
    const refused = outcomes.find((outcome) => outcome.status === "rejected");
    expect(refused?.reason).toMatchObject({ kind: "conflict", reason: "team.version_stale" });
  });

  test("is the owner's alone", async ({ database: { db } }) => {
    const { team, drivers } = await aTeamOf(db);
    const rival = asUser(db, await aUser(db));
    await expect(setLineup(rival, { id: team.id, version: 1, ...five(drivers, 9, 7, 5, 3, 1) })).rejects.toMatchObject({
      kind: "forbidden",
      reason: "team.not_yours",
    });
  });

  test("is refused by the database's clock once the race has locked, even as hand-written SQL", async ({
    database: { db },
  }) => {
    const { ctx, team, race, drivers } = await aTeamOf(db);
    await moveRace(db, race, -1);
    await expect(setLineup(ctx, { id: team.id, version: 1, ...five(drivers, 9, 7, 5, 3, 1) })).rejects.toMatchObject({
      kind: "broken_rule",
      reason: "season.no_open_race",
    });
    const [saved] = await db.select().from(teamLineups).where(eq(teamLineups.teamId, team.id));
    const byHand = db
      .insert(teamLineups)
      .values({ teamId: team.id, version: 2, raceId: race.id, lineupId: saved?.lineupId ?? 0, cost: 1 });
    await expect(byHand).rejects.toMatchObject({ cause: { code: "PW001" } });
  });

  test("shows a rival the line-up after the lock and not a moment before", async ({ database: { db } }) => {
    const { ctx, team, race, drivers } = await aTeamOf(db);
    const rival = asUser(db, await aUser(db));
    const named = { season: race.season, slug: race.slug };
    await expect(lineupOf(rival, { teamId: team.id, race: named })).rejects.toMatchObject({
      kind: "forbidden",
      reason: "lineup.hidden",
    });
    await expect(lineupOf(asGuest(db), { teamId: team.id })).rejects.toMatchObject({ reason: "lineup.hidden" });
    await lockNow(db, race);
    await lockDueRaces(ctx);
    expect(await lineupOf(rival, { teamId: team.id, race: named })).toMatchObject({
      captainId: drivers[0]?.id,
      race: { isLocked: true },
    });
  });

  test("a change made after one race locked waits for the next, and the locked one keeps its line-up", async ({
    database: { db },
  }) => {
    const { ctx, team, race, drivers, season } = await aTeamOf(db);
    const next = await aRace(db, { season, lockIn: 48 * HOUR, drivers });
    await lockNow(db, race);
    await setLineup(ctx, { id: team.id, version: 1, ...five(drivers, 9, 7, 5, 3, 1) });
    await lockDueRaces(ctx);
    expect(await lineupOf(ctx, { teamId: team.id, race: { season, slug: race.slug } })).toMatchObject({
      captainId: drivers[0]?.id,
    });
    expect(await lineupOf(ctx, { teamId: team.id, race: { season, slug: next.slug } })).toMatchObject({
      captainId: drivers[9]?.id,
    });
  });

  test("a line-up is read with the version that it was saved as, though another is saved meanwhile", async ({
    database: { db },
  }) => {
    const { ctx, team, drivers } = await aTeamOf(db);
    const read = await meanwhile(db, {
      first: (tx) => tx.execute(sql`lock table races in access exclusive mode`),
      second: () => lineupOf(ctx, { teamId: team.id }),
      last: (tx) => setLineup({ ...ctx, db: tx }, { id: team.id, version: 1, ...five(drivers, 9, 7, 5, 3, 1) }),
    });
    expect(read).toMatchObject({ version: 2, captainId: drivers[9]?.id });
  });
});

test("checking a line-up says what saving would say, and saves nothing", async ({ database: { db } }) => {
  const { season, drivers, race } = await anOpenSeason(db, Array(10).fill(201));
  const owner = await aUser(db);
  const check = await checkLineup(asUser(db, owner), { season, ...five(drivers, 0, 2, 4, 6, 8) });
  expect(check).toMatchObject({
    race: { slug: race.slug },
    cost: 1005,
    remaining: -5,
    faults: [{ reason: "lineup.over_budget" }],
  });
  expect((await listTeams(asUser(db, owner), { mine: true, limit: 50 })).total).toBe(0);
});
