import { memoryCache } from "@pitwall/cache/memory";
import { HOUR } from "@pitwall/domain/durations";
import { contextAs } from "@pitwall/services/context.fixture";
import { aUser } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { describe, expect } from "vitest";
import { type Counted, RATE_LIMITS } from "./limits.ts";
import { aPlayableSeason, callerOf, guest } from "./play.fixture.ts";
import { callerFor } from "./router.ts";

const home = { address: "192.0.2.7", device: null };

const reasonOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "done",
    (error) => error.fault.reason,
  );

const limits = { ...RATE_LIMITS, guest: { most: 2, per: HOUR }, user: { ...RATE_LIMITS.user, most: 3 } };

describe("calls are counted", () => {
  test("for guests by address, and refused when they are too many", async ({ database: { db } }) => {
    const counts: Counted[] = [];
    const cache = memoryCache();
    const onCounted = (counted: Counted) => counts.push(counted);
    const from = (address: string) => guest(db, { cache, limits, onCounted, origin: { address, device: null } });
    await from("192.0.2.1").seasons.list();
    await from("192.0.2.1").seasons.list();
    await expect(from("192.0.2.1").seasons.list()).rejects.toMatchObject({
      fault: { status: 429, reason: "request.rate_limited", retryAfterSeconds: 3600 },
    });
    await from("192.0.2.2").seasons.list();
    expect(counts.map(({ remaining }) => remaining)).toEqual([1, 0, 0, 1]);
    expect(counts[0]).toEqual({ limit: "guest", most: 2, remaining: 1, per: 3600, resetSeconds: 3600 });
  });

  test("for users by account, wherever they are", async ({ database: { db } }) => {
    const user = await aUser(db);
    const cache = memoryCache();
    const from = (address: string) => callerOf(db, user, { cache, limits, origin: { address, device: null } });
    for (const address of ["192.0.2.1", "192.0.2.2", "192.0.2.3"]) await from(address).users.me();
    await expect(from("192.0.2.4").users.me()).rejects.toMatchObject({ fault: { status: 429 } });
  });

  test("for admins as for users, and for scripts not at all", async ({ database: { db } }) => {
    const { id: userId, username } = await aUser(db, { role: "admin" });
    const counts: Counted[] = [];
    const own = { cache: memoryCache(), limits, onCounted: (counted: Counted) => counts.push(counted) };
    await callerFor(contextAs(db, { kind: "admin", userId, username, sessionId: null }), own).users.me();
    await callerFor(contextAs(db, { kind: "system", name: "script" }), own).seasons.list();
    expect(counts).toMatchObject([{ limit: "user", remaining: 2 }]);
  });

  test("for premium users by a wider limit of their own", async ({ database: { db } }) => {
    const user = await aUser(db, { tier: "premium" });
    const counts: Counted[] = [];
    const own = { cache: memoryCache(), limits, onCounted: (counted: Counted) => counts.push(counted) };
    const actor = { kind: "user", userId: user.id, username: user.username, sessionId: null } as const;
    const premium = callerFor(contextAs(db, { ...actor, tier: "premium" }), own);
    for (let n = 0; n < 4; n += 1) await premium.users.me();
    expect(counts.at(-1)).toMatchObject({ limit: "premium", most: 5000, remaining: 4996 });
    const standard = callerFor(contextAs(db, { ...actor, tier: "standard" }), own);
    await standard.users.me();
    expect(counts.at(-1)).toMatchObject({ limit: "user", most: 3 });
  });

  test("for signing in by a limit of its own, right or wrong", async ({ database: { db } }) => {
    const few = { ...RATE_LIMITS, signIn: { most: 1, per: HOUR } };
    const caller = guest(db, { cache: memoryCache(), limits: few });
    const attempt = () => caller.auth.login({ login: "nobody", password: "Wrong-Horse-7" });
    await expect(attempt()).rejects.toMatchObject({ fault: { reason: "auth.wrong_credentials" } });
    await expect(attempt()).rejects.toMatchObject({ fault: { reason: "request.rate_limited" } });
  });

  test("for codes by account and by address, as long as they are wrong", async ({ database: { db } }) => {
    const cache = memoryCache();
    const { season, race, driverIds, captainId } = await aPlayableSeason(db);
    const founder = callerOf(db, await aUser(db));
    const player = async () => callerOf(db, await aUser(db), { cache, limits: RATE_LIMITS, origin: home });
    const [one, two, three] = [await player(), await player(), await player()];
    const team = await one.teams.create({ season, name: "Late on the brakes", driverIds, captainId });
    for (let n = 0; n < 25; n += 1) {
      const { id, code } = await founder.leagues.create({ season, name: `League ${n} of ${race.name}` });
      await one.leagues.joinByCode({ code: code ?? "", teamId: team.id });
      await one.leagues.leave({ id });
    }
    const guess = (caller: typeof one) => reasonOf(caller.leagues.joinByCode({ code: "AAAAAAAAAA", teamId: team.id }));
    const guesses = async (caller: typeof one, count: number) => {
      for (let n = 0; n < count; n += 1) expect(await guess(caller)).toBe("league.not_found");
    };
    await guesses(one, 20);
    expect(await guess(one)).toBe("request.rate_limited");
    await guesses(two, 20);
    await guesses(three, 10);
    expect(await guess(three)).toBe("request.rate_limited");
  });

  test("for leagues that are founded, not for those that are refused", async ({ database: { db } }) => {
    const { season } = await aPlayableSeason(db);
    const founder = callerOf(db, await aUser(db), { cache: memoryCache(), limits: RATE_LIMITS, origin: home });
    const found = (year: number) => reasonOf(founder.leagues.create({ season: year, name: "A league" }));
    for (let n = 0; n < 20; n += 1) expect(await found(1950)).toBe("season.not_found");
    for (let n = 0; n < 20; n += 1) expect(await found(season)).toBe("done");
    expect(await found(season)).toBe("request.rate_limited");
  });

  test("for line-ups that are saved, wherever from", async ({ database: { db } }) => {
    const few = { ...RATE_LIMITS, lineup: { ...RATE_LIMITS.lineup, most: 2 } };
    const { season, driverIds, captainId } = await aPlayableSeason(db);
    const owner = callerOf(db, await aUser(db), { cache: memoryCache(), limits: few, origin: home });
    const { id } = await owner.teams.create({ season, name: "Overtakers", driverIds, captainId });
    const save = (version: number) => reasonOf(owner.teams.setLineup({ id, driverIds, captainId, version }));
    expect([await save(1), await save(2), await save(3)]).toEqual(["done", "done", "request.rate_limited"]);
  });

  test("never for scripts", async ({ database: { db } }) => {
    const counts: Counted[] = [];
    await guest(db, { onCounted: (counted) => counts.push(counted) }).seasons.list();
    expect(counts).toEqual([]);
  });
});
