import { randomUUID } from "node:crypto";
import type { Cache } from "@pitwall/cache/cache";
import { memoryCache } from "@pitwall/cache/memory";
import { redisCache } from "@pitwall/cache/redis";
import type { Db } from "@pitwall/db/database";
import { HOUR, MINUTE, SECOND } from "@pitwall/domain/durations";
import { aPrefix, redisUrl } from "@pitwall/rig/redis";
import { test } from "@pitwall/testing/database";
import { describe, expect, onTestFinished } from "vitest";
import { asGuest, contextAs } from "../context.fixture.ts";
import type { AccountContext } from "../context.ts";
import { changeEmail } from "./addresses.ts";
import { admitMail, secondsUntilMail } from "./attempts.ts";
import { aPlayer, bearing, password, reasonOf } from "./players.fixture.ts";
import { login } from "./sign-in.ts";

const wrong = "Wrong-Horse-7";
const home = "192.0.2.7"; // where aPlayer registers

function from(db: Db, address: string, cache: Cache): AccountContext {
  return contextAs(db, { kind: "guest", address, device: null }, { cache });
}

/** What so many guesses in a row hear: of a refusal, for how many seconds. */
async function guesses(ctx: AccountContext, name: string, count: number): Promise<(string | number)[]> {
  const heard = [];
  for (let n = 0; n < count; n += 1)
    heard.push(
      await login(ctx, { login: name, password: wrong }).then(
        () => "let in",
        ({ reason, retryAfterSeconds }) => retryAfterSeconds ?? reason,
      ),
    );
  return heard;
}

const rejected = (count: number) => Array(count).fill("auth.wrong_credentials");

describe("guessing at an account from one address", () => {
  test.for(["a known name", "an unknown name"])(
    "gets slower and slower for %s",
    async (whose, { database: { db } }) => {
      let at = 0;
      const ctx = from(db, "198.51.100.1", memoryCache({ now: () => at }));
      const name = whose === "a known name" ? (await aPlayer(db)).user.username : "Nobody_here";
      const pauses = [];
      for (const wait of [0, MINUTE, 14 * MINUTE, MINUTE, 2 * HOUR + 44 * MINUTE, MINUTE, 14 * MINUTE, MINUTE]) {
        at += wait;
        const heard = await guesses(ctx, name, 6);
        expect(heard.slice(0, 5)).toEqual(rejected(5));
        pauses.push(Number(heard[5]) * SECOND);
      }
      const [minute, quarter, most] = [MINUTE, 14 * MINUTE, 2 * HOUR + 44 * MINUTE];
      expect(pauses.slice(0, 4)).toEqual([minute, quarter, minute, most]);
      expect(pauses.slice(4, 7)).toEqual([minute, quarter, minute]);
      expect(pauses[7]).toBeGreaterThan(20 * HOUR);
    },
  );

  test("is over with the right password as well, and counts the name and the address as one", async ({
    database: { db },
  }) => {
    const { user } = await aPlayer(db);
    const here = from(db, "198.51.100.2", memoryCache());
    for (const name of [user.username, user.email, user.username.toUpperCase(), user.email, user.username])
      expect(await guesses(here, name, 1)).toEqual(rejected(1));
    await expect(login(here, { login: user.username, password })).rejects.toMatchObject({
      kind: "rate_limited",
      reason: "auth.too_many_attempts",
      retryAfterSeconds: 60,
    });
  });

  test("is written down, and is nobody else's", async ({ database: { db } }) => {
    const { user } = await aPlayer(db);
    const said: unknown[] = [];
    const log = { ...asGuest(db).log, warn: (...words: unknown[]) => void said.push(words) };
    const here = { ...from(db, "198.51.100.3", memoryCache()), log };
    expect(await guesses(here, user.username, 6)).toEqual([...rejected(5), 60]);
    expect(said).toEqual([["attempts to sign in are slowed", { userId: user.id, retryAfterSeconds: 60 }]]);
    for (const name of ["Nobody", (await aPlayer(db)).user.username])
      expect(await guesses(here, name, 5)).toEqual(rejected(5));
  });

  test("counts a whole network of IPv6 as one address", async ({ database: { db } }) => {
    const cache = memoryCache();
    const heard = [];
    for (let n = 1; n <= 6; n += 1) heard.push(...(await guesses(from(db, `2001:db8:1:2::${n}`, cache), "Nobody", 1)));
    expect(heard).toEqual([...rejected(5), 60]);
  });

  test("is no reason to slow down whoever knows the password", async ({ database: { db } }) => {
    const { user } = await aPlayer(db);
    const here = from(db, home, memoryCache());
    for (let n = 0; n < 60; n += 1)
      expect(await reasonOf(login(here, { login: user.username, password }))).toBe("let in");
  });
});

describe("guessing at an account from many addresses", () => {
  test("is over too, and does not lock the owner out at home", async ({ database: { db } }) => {
    const { user } = await aPlayer(db);
    await login(from(db, "192.0.2.200", memoryCache()), { login: user.username, password });
    const cache = memoryCache();
    const heard = [];
    for (let n = 1; n <= 11; n += 1)
      heard.push(...(await guesses(from(db, `203.0.113.${n}`, cache), user.username, 1)));
    expect(heard).toEqual([...rejected(10), 900]);
    const guessed = login(from(db, "203.0.113.99", cache), { login: user.username, password });
    expect(await reasonOf(guessed)).toBe("auth.too_many_attempts");
    expect(await reasonOf(login(from(db, home, cache), { login: user.username, password }))).toBe("let in");
  });

  test("gains nothing from the owner who signs in meanwhile", async ({ database: { db } }) => {
    const { user } = await aPlayer(db);
    const cache = memoryCache();
    for (let n = 1; n <= 10; n += 1) {
      await guesses(from(db, `203.0.113.${n}`, cache), user.username, 1);
      await login(from(db, home, cache), { login: user.username, password });
    }
    expect(await guesses(from(db, "203.0.113.99", cache), user.username, 1)).toEqual([900]);
  });
});

test("whoever is signed in may prove it as often as need be, and guess as little as anybody", async ({
  database: { db },
}) => {
  const player = await aPlayer(db);
  const ctx = { ...(await bearing(db, player)), cache: memoryCache() };
  const ask = (word: string) => reasonOf(changeEmail(ctx, { newEmail: player.user.email, password: word }));
  for (let n = 0; n < 12; n += 1) expect(await ask(password)).toBe("auth.email_unchanged");
  for (let n = 0; n < 5; n += 1) expect(await ask(wrong)).toBe("auth.wrong_password");
  expect(await ask(password)).toBe("auth.too_many_attempts");
});

test("five mails of a kind are sent in an hour, and none is anybody else's", async ({ database: { db } }) => {
  const ctx = from(db, home, memoryCache({ now: () => 0 }));
  const [userId, other] = [randomUUID(), randomUUID()];
  for (let n = 0; n < 5; n += 1) await admitMail(ctx, userId, "verify_email");
  expect(await secondsUntilMail(ctx, userId, "verify_email")).toBe(3600);
  await expect(admitMail(ctx, userId, "verify_email")).rejects.toMatchObject({
    kind: "rate_limited",
    reason: "auth.too_many_mails",
    message: expect.stringMatching(/^[A-Z].+\.$/),
    retryAfterSeconds: 3600,
  });
  expect(await secondsUntilMail(ctx, userId, "reset_password")).toBe(0);
  expect(await secondsUntilMail(ctx, other, "verify_email")).toBe(0);
});

describe.each([
  ["in the process", async () => memoryCache()],
  ["in Redis", async () => (redisUrl() === null ? null : redisCache(redisUrl() ?? "", { prefix: aPrefix() }))],
  ["in the process, while Redis is away", async () => redisCache("redis://127.0.0.1:1")],
])("counted %s", (_where, open) => {
  test("of twenty guesses at once five are looked at", async ({ database: { db }, skip }) => {
    const cache = await open();
    if (!cache) return skip();
    onTestFinished(() => cache.close());
    const { user } = await aPlayer(db);
    const ctx = from(db, "198.51.100.9", cache);
    const heard = await Promise.all(Array.from({ length: 20 }, () => guesses(ctx, user.username, 1)));
    expect(heard.flat().toSorted()).toEqual([...Array(15).fill(60), ...rejected(5)]);
    expect(await guesses(ctx, user.username, 1)).toEqual([60]);
  });
});
