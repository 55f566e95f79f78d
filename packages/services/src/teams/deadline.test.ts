import { type Db, openDatabase, withTx } from "@pitwall/db/database";
import { fielded, lineups, races, teamLineups, teams, users } from "@pitwall/db/schema";
import { HOUR } from "@pitwall/domain/durations";
import { aRace, aSeason, aTeam, aUser, type BuiltRace, type BuiltTeam, someDrivers } from "@pitwall/testing/builders";
import { test as plain } from "@pitwall/testing/database";
import { and, desc, eq, inArray, sql } from "drizzle-orm";
import { describe, expect, vi } from "vitest";
import { asUser } from "../context.fixture.ts";
import type { ServiceContext } from "../context.ts";
import { lockDueRaces } from "../races.ts";
import { createTeam, setLineup } from "../teams.ts";
import type { LineupInput } from "./market.ts";

const CONNECTIONS = 20;

vi.setConfig({ testTimeout: 60_000 });

const test = plain.extend("crowd", { scope: "file" }, async ({ database }, { onCleanup }): Promise<Db> => {
  const { url } = database;
  const patient = { lockTimeout: 10_000, statementTimeout: 15_000, queryTimeout: 20_000 };
  const crowd = openDatabase({ url, max: CONNECTIONS, ...patient });
  onCleanup(() => crowd.close());
  await Promise.all(Array.from({ length: CONNECTIONS }, () => crowd.db.execute(sql`select pg_sleep(0.05)`)));
  return crowd.db;
});

interface Entered {
  readonly ctx: ServiceContext;
  readonly team: BuiltTeam;
}

async function aField(db: Db, size: number) {
  const season = await aSeason(db);
  const drivers = await someDrivers(db, season, Array(20).fill(150));
  const race = await aRace(db, { season, lockIn: HOUR, drivers });
  const five = (from: number) => [0, 2, 4, 6, 8].flatMap((step) => drivers[(from + step) % 20] ?? []);
  const lineup = (from: number, captain = 0) => {
    const driverIds = five(from).map(({ id }) => id);
    return { driverIds, captainId: driverIds[captain % 5] ?? "" };
  };
  const entered: Entered[] = [];
  for (let n = 0; n < size; n += 1) {
    const owner = await aUser(db);
    const team = await aTeam(db, { owner, season, lineup: { race, drivers: five(0) } });
    entered.push({ ctx: asUser(db, owner), team });
  }
  return { season, race, lineup, entered };
}

/** Lets a race lock so soon, by the clock that judges. */
async function lockSoon(db: Db, race: BuiltRace, milliseconds: number): Promise<void> {
  await db
    .update(races)
    .set({ lockAt: sql`clock_timestamp() + make_interval(secs => ${milliseconds / 1000})` })
    .where(eq(races.id, race.id));
}

const untilLocked = (race: BuiltRace) =>
  sql`select pg_sleep(greatest(0, extract(epoch from lock_at - clock_timestamp()))) from races where id = ${race.id}`;

async function reasonOf(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => "saved",
    (error) => error.reason ?? error,
  );
}

const TOO_LATE = ["lineup.locked", "season.no_open_race"];

describe("a save that begins before the lock and waits across it", () => {
  const save = ({ ctx, team }: Entered, lineup: LineupInput) => setLineup(ctx, { id: team.id, version: 1, ...lineup });
  const enter = ({ ctx, team }: Entered, lineup: LineupInput) =>
    createTeam(ctx, { season: team.season, name: "At the last moment", ...lineup });

  test.for<[what: string, act: typeof save, block: (tx: Db, race: BuiltRace) => Promise<unknown>]>([
    ["for its race", save, holdRace],
    ["of a new team, for its race", enter, holdRace],
    ["for its owner's account", save, holdOwners],
    ["of a new team, for its owner's account", enter, holdOwners],
    ["for its team", save, holdTeams],
    ["with its line-up in hand", save, holdLineups],
    ["of a new team, with its line-up in hand", enter, holdLineups],
  ])("%s, is refused", async ([_what, act, block], { crowd: db }) => {
    const { season, race, lineup, entered } = await aField(db, 16);
    await lockSoon(db, race, 1200);
    const saves = await withTx(db, async (tx) => {
      await block(tx, race);
      const begun = entered.map((each) => reasonOf(act(each, lineup(1))));
      await tx.execute(untilLocked(race));
      return begun;
    });
    for (const reason of await Promise.all(saves)) expect(TOO_LATE).toContain(reason);
    expect(await db.$count(teams, eq(teams.season, season))).toBe(16);
    expect(await db.$count(teamLineups, eq(teamLineups.raceId, race.id))).toBe(16);
  });
});

function holdRace(tx: Db, race: BuiltRace) {
  return tx.select().from(races).where(eq(races.id, race.id)).for("update");
}

function holdTeams(tx: Db, race: BuiltRace) {
  return tx.select().from(teams).where(eq(teams.season, race.season)).for("update");
}

function holdLineups(tx: Db) {
  return tx.execute(sql`lock table ${teamLineups} in share mode`);
}

function holdOwners(tx: Db, race: BuiltRace) {
  const owners = tx.select({ id: teams.ownerId }).from(teams).where(eq(teams.season, race.season));
  return tx.select().from(users).where(inArray(users.id, owners)).for("update");
}

test("of all that is saved around the lock, what is acknowledged is kept and counts, and nothing is late", async ({
  crowd: db,
}) => {
  let saves = 0;
  for (let round = 0; round < 6; round += 1) {
    const { race, lineup, entered } = await aField(db, 16);
    await lockSoon(db, race, 250);
    const acknowledged = await Promise.all(
      entered.map(async ({ ctx, team }, at) => {
        for (let version = 1; ; version += 1) {
          const reason = await reasonOf(setLineup(ctx, { id: team.id, version, ...lineup(at + version, version) }));
          if (reason === "saved") continue;
          expect(TOO_LATE).toContain(reason);
          return { id: team.id, version, at };
        }
      }),
    );
    const clock = entered[0]?.ctx;
    if (!clock) throw new Error("nobody plays");
    await Promise.all([lockDueRaces(clock), lockDueRaces(clock)]);
    await lockDueRaces(clock);
    const late = sql`saved_at >= (select lock_at from races where id = ${race.id})`;
    expect(await db.$count(teamLineups, and(eq(teamLineups.raceId, race.id), late))).toBe(0);
    for (const { id, version, at } of acknowledged) {
      saves += version - 1;
      expect(await db.$count(teamLineups, eq(teamLineups.teamId, id))).toBe(version);
      expect(await captainsOf(db, race, id)).toEqual({
        fielded: version === 1 ? lineup(0).captainId : lineup(at + version - 1, version - 1).captainId,
        versions: version,
      });
    }
  }
  expect(saves).toBeGreaterThan(0);
});

/** Who led the line-up that was fielded, and how many versions the team counts. */
async function captainsOf(db: Db, race: BuiltRace, teamId: string) {
  const [row] = await db
    .select({
      fielded: sql<string>`(select id from drivers where key = ${lineups.captain})`,
      versions: teams.version,
    })
    .from(fielded)
    .innerJoin(lineups, eq(lineups.id, fielded.lineupId))
    .innerJoin(teams, eq(teams.id, fielded.teamId))
    .where(and(eq(fielded.raceId, race.id), eq(fielded.teamId, teamId)));
  return row;
}

test("of sixteen edits of one version, each within the rules, one wins whole and the others are stale", async ({
  crowd: db,
}) => {
  const { race, lineup, entered } = await aField(db, 1);
  const [{ ctx, team } = { ctx: null, team: null }] = entered;
  if (!ctx) throw new Error("nobody plays");
  for (let version = 1; version <= 5; version += 1) {
    const edits = Array.from({ length: 16 }, (_, at) => ({ id: team.id, version, ...lineup(at, at) }));
    const outcomes = await Promise.all(edits.map((edit) => reasonOf(setLineup(ctx, edit))));
    expect(outcomes.toSorted()).toEqual(["saved", ...Array(15).fill("team.version_stale")].toSorted());
    const winner = edits[outcomes.indexOf("saved")];
    const [newest] = await db
      .select({
        version: teamLineups.version,
        driverIds: sql<string[]>`array(select id from drivers where key = any(${lineups.drivers}))`,
        captainId: sql<string>`(select id from drivers where key = ${lineups.captain})`,
        cost: teamLineups.cost,
      })
      .from(teamLineups)
      .innerJoin(lineups, eq(lineups.id, teamLineups.lineupId))
      .where(and(eq(teamLineups.teamId, team.id), eq(teamLineups.raceId, race.id)))
      .orderBy(desc(teamLineups.version))
      .limit(1);
    expect({ ...newest, driverIds: newest?.driverIds.toSorted() }).toEqual({
      version: version + 1,
      driverIds: winner?.driverIds.toSorted(),
      captainId: winner?.captainId,
      cost: 750,
    });
  }
});
