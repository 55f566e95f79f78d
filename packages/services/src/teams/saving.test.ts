import { type Db, withTx } from "@pitwall/db/database";
import { teamLineups, teams } from "@pitwall/db/schema";
import { HOUR } from "@pitwall/domain/durations";
import { aRace, aSeason, aTeam, aUser, someDrivers } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { and, eq, sql } from "drizzle-orm";
import { expect } from "vitest";
import { asUser } from "../context.fixture.ts";
import { setLineup } from "../teams.ts";

async function aField(db: Db, size: number, prices: number[] = Array(20).fill(150)) {
  const season = await aSeason(db);
  const drivers = await someDrivers(db, season, prices);
  const race = await aRace(db, { season, lockIn: HOUR, drivers });
  const lineup = (from: number) => {
    const driverIds = [0, 2, 4, 6, 8].map((step) => drivers[(from + step) % 20]?.id ?? "");
    return { driverIds, captainId: driverIds[0] ?? "" };
  };
  const entered = [];
  for (let n = 0; n < size; n += 1) {
    const owner = await aUser(db);
    const team = await aTeam(db, {
      owner,
      season,
      lineup: { race, drivers: drivers.filter((_, at) => at % 2 === 0).slice(0, 5) },
    });
    entered.push({ ctx: asUser(db, owner), team });
  }
  return { race, lineup, entered };
}

type Outcome = string | { readonly id: string; readonly version: number };

const outcomeOf = (save: Promise<{ id: string; version: number }>): Promise<Outcome> =>
  save.then(
    ({ id, version }) => ({ id, version }),
    (error) => error.reason ?? error,
  );

test("what many save at once is saved together, and each hears of their own", async ({ database: { db } }) => {
  const { race, lineup, entered } = await aField(db, 12);
  const saves = entered.map(({ ctx, team }, at) =>
    outcomeOf(setLineup(ctx, { id: team.id, version: 1, ...lineup(at) })),
  );
  expect(await Promise.all(saves)).toEqual(entered.map(({ team }) => ({ id: team.id, version: 2 })));
  const rows = await db
    .select({ teamId: teamLineups.teamId, at: sql<string>`${teamLineups}.xmin::text` })
    .from(teamLineups)
    .where(and(eq(teamLineups.raceId, race.id), eq(teamLineups.version, 2)));
  expect(rows).toHaveLength(12);
  expect(new Set(rows.map(({ at }) => at)).size).toBeLessThan(12);
});

test("of what is saved at once, whatever is refused is refused alone, and for its own reason", async ({
  database: { db },
}) => {
  const prices = Array(20).fill(150);
  prices[19] = 900;
  const { lineup, entered } = await aField(db, 8, prices);
  const foreign = (await aField(db, 1)).entered[0];
  const rival = asUser(db, await aUser(db));
  const of = (at: number) => entered[at] ?? { ctx: rival, team: { id: "" } };
  const save = (at: number, change: object = {}, ctx = of(at).ctx) =>
    outcomeOf(setLineup(ctx, { id: of(at).team.id, version: 1, ...lineup(at), ...change }));
  const outcomes = await Promise.all([
    save(0),
    save(1, { captainId: "nobody" }),
    save(2),
    save(3, { version: 7 }),
    save(4, {}, rival),
    save(5, lineup(11)),
    save(6),
    save(6),
    save(7, { id: foreign?.team.id }),
    save(7),
  ]);
  const saved = (at: number) => ({ id: of(at).team.id, version: 2 });
  expect(outcomes).toEqual([
    saved(0),
    "lineup.breaks_rules",
    saved(2),
    "team.version_stale",
    "team.not_yours",
    "lineup.breaks_rules",
    saved(6),
    "team.version_stale",
    "team.not_yours",
    saved(7),
  ]);
});

test("two seasons that are played at once are saved at once, each for its own race", async ({ database: { db } }) => {
  const fields = [await aField(db, 3), await aField(db, 3)];
  const saves = fields.flatMap(({ lineup, entered }) =>
    entered.map(({ ctx, team }, at) => setLineup(ctx, { id: team.id, version: 1, ...lineup(at) })),
  );
  expect((await Promise.all(saves)).map(({ version }) => version)).toEqual(Array(6).fill(2));
  for (const { race } of fields)
    expect(await db.$count(teamLineups, and(eq(teamLineups.raceId, race.id), eq(teamLineups.version, 2)))).toBe(3);
});

test("what is saved in an open transaction is undone with it, whoever saves meanwhile", async ({
  database: { db },
}) => {
  const { lineup, entered } = await aField(db, 2);
  const [one, other] = entered;
  if (!one || !other) throw new Error("nobody plays");
  const undone = withTx(db, async (tx) => {
    await setLineup({ ...one.ctx, db: tx }, { id: one.team.id, version: 1, ...lineup(1) });
    await setLineup(other.ctx, { id: other.team.id, version: 1, ...lineup(2) });
    throw new Error("undone");
  });
  await expect(undone).rejects.toThrow("undone");
  const versions = await db.select({ id: teams.id, version: teams.version }).from(teams);
  const versionOf = (id: string) => versions.find((team) => team.id === id)?.version;
  expect([versionOf(one.team.id), versionOf(other.team.id)]).toEqual([1, 2]);
});
