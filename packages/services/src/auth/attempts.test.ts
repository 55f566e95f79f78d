import { memoryCache } from "@pitwall/cache/memory";
import type { Db } from "@pitwall/db/database";
import { test } from "@pitwall/testing/database";
import { describe, expect } from "vitest";
import { contextAs } from "../context.fixture.ts";
import type { AccountContext } from "../context.ts";
import { aPlayer, password, reasonOf } from "./players.fixture.ts";
import { login } from "./sign-in.ts";

describe("guessing", () => {
  const wrong = "Wrong-Horse-7";

  function from(db: Db, address: string, cache: AccountContext["cache"]): AccountContext {
    return contextAs(db, { kind: "guest", address, device: null }, { cache });
  }

  test("is over after ten attempts on an account from one address, also with the right password", async ({
    database: { db },
  }) => {
    const { user } = await aPlayer(db);
    const here = from(db, "198.51.100.1", memoryCache());
    for (const name of [user.username, user.email, user.username.toUpperCase(), user.email, user.username].flatMap(
      (n) => [n, n],
    ))
      expect(await reasonOf(login(here, { login: name, password: wrong }))).toBe("auth.wrong_credentials");
    await expect(login(here, { login: user.username, password })).rejects.toMatchObject({
      kind: "rate_limited",
      reason: "auth.too_many_attempts",
      retryAfterSeconds: expect.any(Number),
    });
  });

  test("is over for an unknown name just the same", async ({ database: { db } }) => {
    const here = from(db, "198.51.100.2", memoryCache());
    const reasons = [];
    for (let n = 0; n < 11; n += 1)
      reasons.push(await reasonOf(login(here, { login: "Nobody_here", password: wrong })));
    expect(reasons).toEqual([...Array(10).fill("auth.wrong_credentials"), "auth.too_many_attempts"]);
  });

  test("from many addresses is over too, and does not lock the owner out at home", async ({ database: { db } }) => {
    const { user } = await aPlayer(db); // at home at 192.0.2.7
    const cache = memoryCache();
    const reasons = [];
    for (let n = 1; n <= 11; n += 1)
      reasons.push(await reasonOf(login(from(db, `203.0.113.${n}`, cache), { login: user.username, password: wrong })));
    expect(reasons).toEqual([...Array(10).fill("auth.wrong_credentials"), "auth.too_many_attempts"]);
    expect(await reasonOf(login(from(db, "192.0.2.7", cache), { login: user.username, password }))).toBe("let in");
  });
});
