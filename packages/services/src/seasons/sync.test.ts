import type { Db } from "@pitwall/db/database";
import { type SeasonFacts, seasonFacts } from "@pitwall/db/facts";
import { broadcasts, constructors, driverPrices, drivers, races } from "@pitwall/db/schema";
import { DAY, HOUR } from "@pitwall/domain/durations";
import { aUser } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { asc, eq, sql } from "drizzle-orm";
import { describe, expect } from "vitest";
import { asClock, contextAs } from "../context.fixture.ts";
import type { Log } from "../context.ts";
import { updateDriver } from "../drivers/editing.ts";
import { setPrice } from "../drivers/prices.ts";
import { driverById } from "../drivers/reading.ts";
import type { SeasonAnswer, ToldDriver } from "./answers.ts";
import { race } from "./calendar.fixture.ts";
import { seedSeason } from "./seed.ts";
import { receiveSeason, seasonToSync } from "./sync.ts";
import { syncsOf } from "./syncs.ts";

const script = { kind: "system", name: "script" } as const;

/** What is shipped of 2025, made a season whose only race is in ten days. */
async function aSeededSeason(db: Db, season: number): Promise<SeasonFacts> {
  const shipped = seasonFacts(2025);
  const sessions = race("Australian", 1, 10).sessions;
  const [first] = shipped.races;
  if (!first || !sessions) throw new Error("a season needs a race");
  const facts = { ...shipped, season, races: [{ ...first, sessions, revisions: [] }] };
  await seedSeason(contextAs(db, script), facts);
  return facts;
}

/** What is shipped, as a source would tell it. */
function answerOf(facts: SeasonFacts, more: readonly ToldDriver[] = []): SeasonAnswer {
  const told = Object.entries(facts.drivers).map(([id, { price: _price, number: _number, ...person }]) => ({
    id,
    ...person,
  }));
  return {
    kind: "season",
    races: {
      kind: "told",
      items: facts.races.map(({ circuitId: id, ...shipped }) => ({
        ...shipped,
        circuit: { id, name: id, locality: "There", country: "X", ...facts.circuits[id] },
      })),
    },
    constructors: { kind: "told", items: Object.entries(facts.constructors).map(([id, said]) => ({ id, ...said })) },
    drivers: { kind: "told", items: [...told, ...more] },
  };
}

const NOTHING = {
  races: { added: [], changed: [], cancelled: [], reinstated: [] },
  constructors: { added: [], changed: [] },
  drivers: { added: [], changed: [], priced: [] },
};

const receive = (db: Db, season: number, answer: SeasonAnswer, log?: Log) =>
  receiveSeason(contextAs(db, { kind: "system", name: "clock" }, log && { log }), { season, source: "test", answer });

/** All that a sync may write, without the moments at which it did. */
async function written(db: Db, season: number) {
  return {
    races: await db.select().from(races).where(eq(races.season, season)).orderBy(asc(races.id)),
    drivers: await db.select().from(drivers).orderBy(asc(drivers.id)),
    constructors: await db.select().from(constructors).orderBy(asc(constructors.id)),
    prices: await db
      .select()
      .from(driverPrices)
      .where(eq(driverPrices.season, season))
      .orderBy(asc(driverPrices.since)),
  };
}

const ROOKIE = { id: "bortoleto_2", givenName: "Second", familyName: "Bortoleto", code: "BO2" };

describe("a sync of a season", () => {
  test("that says what is shipped changes nothing, and said twice nothing either", async ({ database: { db } }) => {
    const answer = answerOf(await aSeededSeason(db, 2031));
    expect(await receive(db, 2031, answer)).toMatchObject({ outcome: "done", reason: null, changes: NOTHING });
    const once = await written(db, 2031);
    await Promise.all([receive(db, 2031, answer), receive(db, 2031, answer)]);
    expect(await written(db, 2031)).toEqual(once);
    expect((await syncsOf(contextAs(db, script), { season: 2031, limit: 2, offset: 0 })).total).toBe(3);
  });

  test("makes new people known at the season's lowest price, once, and enters them nowhere", async ({
    database: { db },
  }) => {
    const facts = await aSeededSeason(db, 2032);
    const answer = answerOf(facts, [ROOKIE]);
    const cadillac = { id: "cadillac_2", name: "Cadillac", nationality: "American" };
    const told = { ...answer, constructors: { kind: "told", items: [cadillac] } } as const;
    expect((await receive(db, 2032, told)).changes).toEqual({
      ...NOTHING,
      constructors: { added: ["cadillac_2"], changed: [] },
      drivers: { added: [ROOKIE.id], changed: [], priced: [ROOKIE.id] },
    });
    const lowest = Math.min(...Object.values(facts.drivers).map(({ price }) => price));
    const rookie = { id: ROOKIE.id, season: 2032 };
    const ctx = contextAs(db, script);
    expect(await driverById(ctx, rookie)).toMatchObject({ name: "Second Bortoleto", price: lowest, status: "absent" });
    await setPrice({ ...ctx, actor: await anAdmin(db) }, { ...rookie, price: lowest - 5 });
    expect((await receive(db, 2032, told)).changes).toEqual(NOTHING);
    expect(await driverById(ctx, rookie)).toMatchObject({ price: lowest - 5 });
  });

  test("refreshes people, whom no seed sets back, but not those an admin edited", async ({ database: { db } }) => {
    const facts = await aSeededSeason(db, 2033);
    const ctx = contextAs(db, script);
    await updateDriver(ctx, { id: "norris", familyName: "Norris-Edited" });
    const renamed = (id: string) => ({
      ...facts.drivers[id],
      id,
      givenName: "New",
      familyName: "Name",
      code: undefined,
    });
    const items = [renamed("norris"), renamed("piastri")];
    const told = { ...answerOf(facts), drivers: { kind: "told", items } } as const;
    expect((await receive(db, 2033, told)).changes.drivers).toEqual({ added: [], changed: ["piastri"], priced: [] });
    await seedSeason(ctx, facts);
    const piastri = await driverById(ctx, { id: "piastri", season: 2033 });
    expect(piastri).toMatchObject({ name: "New Name", code: "PIA", price: facts.drivers.piastri?.price });
    const norris = await driverById(ctx, { id: "norris", season: 2033 });
    expect(norris).toMatchObject({ name: "Lando Norris-Edited", code: "NOR" });
    await receive(db, 2033, answerOf(facts));
  });

  test("lets one list that is none not keep the others, erases nothing, and says so aloud", async ({
    database: { db },
  }) => {
    const facts = await aSeededSeason(db, 2034);
    const loud: string[] = [];
    const log = { info: () => undefined, warn: () => undefined, error: (message: string) => void loud.push(message) };
    const before = await written(db, 2034);
    const empty = { kind: "told", items: [] } as const;
    const broken = { kind: "unreadable", reason: "The answer is not JSON." } as const;
    const away = { kind: "failed", reason: "The source answered 504." } as const;
    const tell = async (answer: Partial<SeasonAnswer>) =>
      (await receive(db, 2034, { kind: "season", races: away, constructors: away, drivers: away, ...answer }, log))
        .outcome;
    expect(await tell({})).toBe("failed");
    expect(loud).toEqual([]);
    expect(await tell({ races: empty, constructors: empty, drivers: empty })).toBe("empty");
    expect(await tell({ drivers: broken })).toBe("unreadable");
    expect(loud.filter((message) => message === "a season was not told whole")).toHaveLength(2);
    expect(await written(db, 2034)).toEqual(before);

    const told = { ...answerOf(facts, [{ ...ROOKIE, id: "another" }]), races: broken };
    expect(await receive(db, 2034, told)).toMatchObject({
      outcome: "unreadable",
      reason: "calendar: The answer is not JSON.",
      changes: { drivers: { added: ["another"] } },
    });
  });

  test("does not believe a weekend whose sessions lie weeks apart", async ({ database: { db } }) => {
    const facts = await aSeededSeason(db, 2035);
    const apart = (item: ReturnType<typeof race>) => {
      const start = item.sessions?.race.getTime() ?? 0;
      return { ...item, sessions: { qualifying: new Date(start - 20 * DAY), race: new Date(start + HOUR) } };
    };
    const items = [apart({ ...race("Australian", 1, 10, "albert_park") })];
    const { changes } = await receive(db, 2035, { ...answerOf(facts), races: { kind: "told", items } });
    expect(changes.races).toEqual(NOTHING.races);
  });
});

async function anAdmin(db: Db) {
  const { id: userId, username } = await aUser(db, { role: "admin" });
  return { kind: "admin", userId, username, sessionId: null } as const;
}

test("a season that is named is asked for at once, the one that is played when it is due", async ({
  database: { db },
}) => {
  const answer = answerOf(await aSeededSeason(db, 2036));
  const at = (day: number, hour: number) => asClock(db, new Date(Date.UTC(2036, 0, day, hour)));
  const sync = (day: number, hour: number, told = answer) =>
    receiveSeason(at(day, hour), { season: 2036, source: "test", answer: told });
  const away = { kind: "failed", reason: "away" } as const;
  expect(await seasonToSync(at(1, 4), { season: 1999 })).toBeNull();
  expect(await seasonToSync(at(1, 4), {})).toBe(2036);
  await sync(1, 4);
  expect(await seasonToSync(at(1, 23), {})).toBeNull();
  expect(await seasonToSync(at(1, 23), { season: 2036 })).toBe(2036);
  expect(await seasonToSync(at(2, 3), {})).toBe(2036);
  await sync(2, 3, { kind: "season", races: away, constructors: away, drivers: away });
  expect(await seasonToSync(at(2, 3), {})).toBeNull();
  expect(await seasonToSync(at(2, 6), {})).toBe(2036);
  await sync(2, 6);
  expect(await seasonToSync(at(2, 9), {})).toBeNull();
});

test("admins are told once of each stretch in which a season is not told, at once of nonsense, after two days of silence", async ({
  database: { db },
}) => {
  const answer = answerOf(await aSeededSeason(db, 2037));
  const start = Date.UTC(2037, 0, 1);
  const sync = (hour: number, told: Partial<SeasonAnswer> = {}) =>
    receiveSeason(asClock(db, new Date(start + hour * HOUR)), {
      season: 2037,
      source: "test",
      answer: { ...answer, ...told },
    });
  const alerts = async () => {
    const rows = await db
      .select()
      .from(broadcasts)
      .where(eq(sql`${broadcasts.data} ->> 'season'`, "2037"));
    return rows.map(({ audience, title }) => `${audience}: ${title}`);
  };
  const away = { kind: "failed", reason: "The source answered 504." } as const;
  const silence = { races: away, constructors: away, drivers: away };
  const nonsense = { drivers: { kind: "unreadable", reason: "The answer is not JSON." } } as const;
  await sync(0);
  await sync(47, silence);
  expect(await alerts()).toEqual([]);
  for (const hour of [48, 51]) await sync(hour, silence);
  expect(await alerts()).toEqual(["admins: The source of the season 2037 is out of reach"]);
  await sync(54);
  await sync(57, silence);
  expect(await alerts()).toHaveLength(1);
  for (const hour of [60, 63]) await sync(hour, nonsense);
  await sync(66);
  await sync(69, nonsense);
  expect((await alerts()).slice(1)).toEqual(Array(2).fill("admins: The season 2037 is not told whole"));
});
