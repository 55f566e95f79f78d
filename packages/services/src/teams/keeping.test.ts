import type { Db } from "@pitwall/db/database";
import { fielded, leagueMembers, leagues, teamLineups, teams } from "@pitwall/db/schema";
import { HOUR } from "@pitwall/domain/durations";
import { aRace, aSeason, aTeam, aUser, lockNow, someDrivers } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { eq } from "drizzle-orm";
import { describe, expect } from "vitest";
import { asGuest, asUser } from "../context.fixture.ts";
import { createLeague, joinLeague } from "../leagues/membership.ts";
import { leagueById } from "../leagues/reading.ts";
import { lineupOf } from "../lineups.ts";
import { lockDueRaces } from "../races.ts";
import { record, result } from "../results/results.fixture.ts";
import { globalStandings } from "../standings/reading.ts";
import { createTeam, listTeams, setLineup, teamById } from "../teams.ts";
import { lineupHistory } from "./history.ts";
import { removeTeam, renameTeam } from "./keeping.ts";
import { myTeams } from "./mine.ts";

const page = { limit: 50, offset: 0 };
const notFound = { kind: "not_found", reason: "team.not_found" };

async function aTeamInPlay(db: Db) {
  const season = await aSeason(db);
  const drivers = await someDrivers(db, season, Array(20).fill(150));
  const race = await aRace(db, { season, lockIn: HOUR, drivers });
  const owner = await aUser(db);
  const five = drivers.filter((_, place) => place < 10 && place % 2 === 0);
  const team = await aTeam(db, { owner, season, lineup: { race, drivers: five } });
  const lineup = { driverIds: five.map(({ id }) => id), captainId: five[0]?.id ?? "" };
  return { season, drivers, race, owner, team, id: team.id, lineup, ctx: asUser(db, owner) };
}

describe("renaming a team", () => {
  test("changes its name, counts as a change, and changes nothing else", async ({ database: { db } }) => {
    const { ctx, id } = await aTeamInPlay(db);
    const before = await teamById(ctx, { id });
    expect(await renameTeam(ctx, { id, name: "Slipstream" })).toEqual({ ...before, name: "Slipstream", version: 2 });
    expect(await teamById(asGuest(db), { id })).toMatchObject({ name: "Slipstream", version: 2 });
    await expect(renameTeam(ctx, { id, name: "Undercut", version: 1 })).rejects.toMatchObject({
      reason: "team.version_stale",
    });
  });

  test("leaves a line-up that was read before to be replaced by its version", async ({ database: { db } }) => {
    const { ctx, id, lineup } = await aTeamInPlay(db);
    await renameTeam(ctx, { id, name: "Slipstream" });
    const { version } = await lineupOf(ctx, { teamId: id });
    expect(await setLineup(ctx, { id, ...lineup, version })).toMatchObject({ version: 3 });
    expect(await lineupOf(ctx, { teamId: id })).toMatchObject({ version: 3 });
  });

  test("is the owner's alone", async ({ database: { db } }) => {
    const { id, team } = await aTeamInPlay(db);
    const rename = { id, name: "Stolen" };
    await expect(renameTeam(asUser(db, await aUser(db)), rename)).rejects.toMatchObject({
      kind: "forbidden",
      reason: "team.not_yours",
    });
    await expect(renameTeam(asGuest(db), rename)).rejects.toMatchObject({ kind: "unauthenticated" });
    expect(await teamById(asGuest(db), { id })).toMatchObject({ name: team.name });
  });

  test("of one that is not there is refused", async ({ database: { db } }) => {
    const { ctx, owner } = await aTeamInPlay(db);
    await expect(renameTeam(ctx, { id: owner.id, name: "Nobody's" })).rejects.toMatchObject(notFound);
  });
});

describe("removing a team", () => {
  test("takes it from every list, and from all who look for it", async ({ database: { db } }) => {
    const { ctx, id, season, lineup } = await aTeamInPlay(db);
    await removeTeam(ctx, { id });
    for (const look of [
      () => teamById(ctx, { id }),
      () => lineupOf(ctx, { teamId: id }),
      () => lineupHistory(ctx, { id, ...page }),
      () => renameTeam(ctx, { id, name: "Back again" }),
      () => setLineup(ctx, { id, version: 1, ...lineup }),
      () => removeTeam(ctx, { id }),
    ])
      await expect(look()).rejects.toMatchObject(notFound);
    expect(await listTeams(ctx, { mine: true, ...page })).toEqual({ items: [], total: 0, nextCursor: null });
    expect(await listTeams(asGuest(db), { season, ...page })).toEqual({ items: [], nextCursor: null });
    expect(await myTeams(ctx, { season })).toEqual({ items: [] });
  });

  test("makes room for another where there were five", async ({ database: { db } }) => {
    const { ctx, id, season, owner, lineup } = await aTeamInPlay(db);
    for (let n = 0; n < 4; n += 1) await aTeam(db, { owner, season });
    const sixth = { season, name: "The sixth", ...lineup };
    await expect(createTeam(ctx, sixth)).rejects.toMatchObject({ reason: "team.too_many" });
    await removeTeam(ctx, { id });
    expect(await createTeam(ctx, sixth)).toMatchObject({ name: "The sixth" });
  });

  test("takes it out of its leagues, whose seats are free again", async ({ database: { db } }) => {
    const { ctx, id, season } = await aTeamInPlay(db);
    const founder = asUser(db, await aUser(db));
    const joined = await createLeague(founder, { season, name: "Theirs", isPrivate: false, seats: 2 });
    const own = await createLeague(ctx, { season, name: "Only mine", isPrivate: true, seats: 2, teamId: id });
    await joinLeague(ctx, { id: joined.id, teamId: id });
    await removeTeam(ctx, { id });
    expect(await leagueById(founder, { id: joined.id })).toMatchObject({ memberCount: 0 });
    expect(await db.$count(leagueMembers, eq(leagueMembers.teamId, id))).toBe(0);
    expect(await db.$count(leagues, eq(leagues.id, own.id))).toBe(0);
  });

  test("waits until a league of the owner's with others in it is handed over, and says which", async ({
    database: { db },
  }) => {
    const { ctx, id, season } = await aTeamInPlay(db);
    const league = await createLeague(ctx, { season, name: "Sunday drivers", isPrivate: false, seats: 9, teamId: id });
    const friend = await aUser(db);
    const { id: teamId } = await aTeam(db, { owner: friend, season });
    await joinLeague(asUser(db, friend), { id: league.id, teamId });
    await expect(removeTeam(ctx, { id })).rejects.toMatchObject({
      kind: "conflict",
      reason: "league.owner_must_transfer",
      message: expect.stringContaining("Sunday drivers"),
    });
    expect(await teamById(ctx, { id })).toMatchObject({ id });
    expect(await leagueById(ctx, league)).toMatchObject({ memberCount: 2, teamId: id });
  });

  test("keeps what it fielded and scored on record, and fields it no more", async ({ database: { db } }) => {
    const { ctx, id, season, race, drivers } = await aTeamInPlay(db);
    const next = await aRace(db, { season, lockIn: 48 * HOUR, drivers });
    const locked = await lockNow(db, race);
    await record(db, locked, result(drivers));
    const before = await globalStandings(asGuest(db), { season, ...page });
    expect(before.items).toMatchObject([{ teamId: id, rank: 1 }]);
    await removeTeam(ctx, { id });
    expect(await globalStandings(asGuest(db), { season, race: race.slug, ...page })).toEqual(before);
    await lockNow(db, next);
    await lockDueRaces(ctx);
    expect(await db.select({ raceId: fielded.raceId }).from(fielded).where(eq(fielded.teamId, id))).toEqual([
      { raceId: race.id },
    ]);
    expect(await db.$count(teamLineups, eq(teamLineups.teamId, id))).toBe(1);
  });

  test("is the owner's alone", async ({ database: { db } }) => {
    const { id } = await aTeamInPlay(db);
    const refusal = { kind: "forbidden", reason: "team.not_yours" };
    await expect(removeTeam(asUser(db, await aUser(db)), { id })).rejects.toMatchObject(refusal);
    await expect(removeTeam(asGuest(db), { id })).rejects.toMatchObject({ kind: "unauthenticated" });
    expect(await db.$count(teams, eq(teams.id, id))).toBe(1);
  });

  test("while its race locks leaves it fielded or not, and found by nobody", async ({ database: { db } }) => {
    for (let round = 0; round < 8; round += 1) {
      const { ctx, id, race, lineup } = await aTeamInPlay(db);
      await lockNow(db, race);
      await Promise.allSettled([
        ...Array.from({ length: 3 }, () => lockDueRaces(ctx)),
        ...Array.from({ length: 3 }, () => removeTeam(ctx, { id })),
        renameTeam(ctx, { id, name: "Half way" }),
        setLineup(ctx, { id, version: 1, ...lineup }),
      ]);
      await lockDueRaces(ctx);
      const rows = await db.select({ lineupId: fielded.lineupId }).from(fielded).where(eq(fielded.teamId, id));
      const saved = await db
        .select({ lineupId: teamLineups.lineupId })
        .from(teamLineups)
        .where(eq(teamLineups.teamId, id));
      if (rows.length > 0) expect(rows).toEqual(saved);
      await expect(teamById(ctx, { id })).rejects.toMatchObject(notFound);
    }
  });
});
