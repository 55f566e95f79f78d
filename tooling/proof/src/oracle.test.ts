import { openDatabase, withTx } from "@pitwall/db/database";
import { HOUR } from "@pitwall/domain/durations";
import { aLockedRace, at, record, result } from "@pitwall/services/results/results.fixture";
import { test } from "@pitwall/testing/database";
import { sql } from "drizzle-orm";
import { describe, expect, onTestFinished } from "vitest";
import { fingerprint } from "./fingerprint.ts";
import { oracle } from "./oracle.ts";
import { recounted } from "./recount.ts";
import { type Witnessed, witnessedBreaches } from "./witnessed.ts";

test("a race, its correction and all that follows from them hold, and are what they were when it is taken back", async ({
  database: { db },
}) => {
  const { race, drivers, hours } = await aLockedRace(db);
  await record(db, race, result(drivers));
  const before = await fingerprint(db);
  await record(db, race, result(drivers.slice(1), at(drivers, 0)), 27);
  expect(await oracle(db, { now: hours(28), isAtRest: true })).toEqual([]);
  expect(await oracle(db, { fingerprint: before })).toMatchObject([{ invariant: "I17" }]);
  await record(db, race, result(drivers), 51);
  expect(await oracle(db, { fingerprint: before })).toEqual([]);
});

const ROT = {
  "driver_scores set points = points + 10": "I2",
  "lineup_scores set points = points + 10": "I2",
  "standings set total = total + 10": "I1",
  "standings set race_points = race_points + 10": "I1",
  "rank_steps set above = 5": "I16",
  "race_rank_steps set above = 5": "I16",
} as const;

test("the reference finds by itself whatever is off", async ({ database: { db } }) => {
  const { race, drivers } = await aLockedRace(db);
  await record(db, race, result(drivers));
  for (const [rot, invariant] of Object.entries(ROT)) {
    const breach = { invariant, words: expect.stringContaining("due"), where: `${race.season} ${race.slug}` };
    const undone = withTx(db, async (tx) => {
      await tx.execute(sql.raw(`update ${rot}`));
      expect(await recounted(tx)).toEqual(expect.arrayContaining([breach]));
      throw new RangeError("it shall not last");
    });
    await expect(undone).rejects.toThrow(RangeError);
  }
});

test("a race that nobody looks at any more is told, and so is a transaction that nobody ends", async ({
  database: { db, url },
}) => {
  const { race, drivers, hours } = await aLockedRace(db);
  const where = `${race.season} ${race.slug}`;
  const overdue = async (after: number) =>
    (await oracle(db, { now: hours(after) })).filter((breach) => breach.where === where);
  expect(await overdue(1)).toEqual([]);
  expect(await overdue(3)).toMatchObject([{ invariant: "I10" }]);
  await record(db, race, result(drivers));
  expect(await overdue(27)).toEqual([]);
  expect(await overdue(30)).toMatchObject([{ invariant: "I9" }]);

  const other = openDatabase({ url, applicationName: "somebody" });
  onTestFinished(() => other.close());
  await withTx(other.db, async (tx) => {
    await tx.execute(sql`select 1`);
    expect(await oracle(db, { isAtRest: true })).toMatchObject([
      { invariant: "I20", where: expect.stringMatching(/^somebody/) },
    ]);
  });
  expect(await oracle(db, { isAtRest: true })).toEqual([]);
});

const read = (reader: string, revision: number) => ({ reader, race: "monaco", revision });
const used = (what: "ended" | "got in", moment: number) => ({ session: "s", what, at: moment });
const calls = (many: number, every: number) => Array.from({ length: many }, (_, nth) => nth * every);

describe("what a run witnessed", () => {
  test.for<[string, Witnessed]>([
    ["readers go forward, each for itself", { reads: [read("a", 1), read("b", 2), read("a", 2), read("a", 2)] }],
    ["whoever was inside before the end was in time", { sessions: [used("got in", 1), used("ended", 5)] }],
    ["the source is asked as often as it allows", { calls: [...calls(4, 1), ...calls(20, HOUR / 20).slice(1)] }],
    ["errors say where", { said: [{ where: "log", text: "at a (/x/y.ts:1:2)", is: "error" }] }],
    ["who signs in gets a token", { said: [{ where: "/auth", text: "eyJhbG.eyJzdWI", is: "sign-in" }] }],
    ["all came back", { pools: [{ where: "server", total: 3, idle: 3 }] }],
  ])("holds: %s", async ([, seen], { database: { db } }) => {
    expect(await witnessedBreaches(db, seen)).toEqual([]);
  });

  test.for<[string, Witnessed]>([
    ["I11", { reads: [read("a", 1), read("a", 2), read("a", 1)] }],
    ["I12", { sessions: [used("got in", 6), used("ended", 5)] }],
    ["I14", { calls: calls(5, 249) }],
    ["I14", { calls: calls(61, HOUR / 61) }],
    ["I15", { said: [{ where: "/teams", text: "Failed query: select" }] }],
    ["I15", { said: [{ where: "/teams", text: "eyJhbG.eyJzdWI" }] }],
    ["I15", { unhandled: ["unhandledRejection"] }],
    ["I20", { pools: [{ where: "server", total: 3, idle: 2 }] }],
  ])("breaks %s", async ([invariant, seen], { database: { db } }) => {
    expect(await witnessedBreaches(db, seen)).toMatchObject([{ invariant }]);
  });
});

test("what was acknowledged is there, what was refused is not, and the rest is whole or absent", async ({
  database: { db },
}) => {
  const { ann, annsTeam } = await aLockedRace(db);
  const { username: owner } = ann;
  const team = { kind: "team", owner, name: annsTeam.name } as const;
  const none = { ...team, name: "nobody's" };
  const told = (journal: Witnessed["journal"]) => witnessedBreaches(db, { journal: journal ?? [] });
  expect(
    await told([
      { ...team, fate: "acknowledged" },
      { ...team, fate: "unknown" },
      { ...none, fate: "refused" },
      { ...none, fate: "unknown" },
      { kind: "user", username: owner.toUpperCase(), fate: "acknowledged" },
    ]),
  ).toEqual([]);
  const lost = [
    { ...none, fate: "acknowledged" },
    { ...team, fate: "refused" },
    { kind: "lineup", team: annsTeam.id, version: 2, captain: "nobody", fate: "acknowledged" },
    { kind: "league", owner, name: "lost", fate: "acknowledged" },
    { kind: "seat", league: annsTeam.id, team: annsTeam.id, fate: "acknowledged" },
    { kind: "key", owner, key: "lost", fate: "acknowledged" },
  ] as const;
  expect((await told(lost)).map(({ invariant }) => invariant)).toEqual(lost.map(() => "I13"));
  await db.execute(
    sql`insert into teams (owner_id, season, slot, name) select owner_id, season, 2, name from teams where id = ${annsTeam.id}`,
  );
  expect(await told([{ ...team, fate: "acknowledged" }])).toMatchObject([{ invariant: "I19" }]);
});
