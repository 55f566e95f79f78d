import { memoryCache } from "@pitwall/cache/memory";
import { HOUR } from "@pitwall/domain/durations";
import { contextAs } from "@pitwall/services/context.fixture";
import { aUser } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { describe, expect } from "vitest";
import { type Counted, RATE_LIMITS } from "./limits.ts";
import { callerOf, guest } from "./play.fixture.ts";
import { callerFor } from "./router.ts";

const limits = { ...RATE_LIMITS, guest: { most: 2, per: HOUR }, user: { most: 3, per: HOUR } };

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

  test("never for scripts", async ({ database: { db } }) => {
    const counts: Counted[] = [];
    await guest(db, { onCounted: (counted) => counts.push(counted) }).seasons.list();
    expect(counts).toEqual([]);
  });
});
