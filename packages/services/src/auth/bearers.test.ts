import { randomUUID } from "node:crypto";
import { sessions, users } from "@pitwall/db/schema";
import { MINUTE } from "@pitwall/domain/durations";
import { aUser } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { eq, sql } from "drizzle-orm";
import { describe, expect } from "vitest";
import { deleteOld } from "../retention.ts";
import type { LiveBearer } from "./bearers.ts";
import { aPlayer } from "./players.fixture.ts";
import { aServer, deafen } from "./servers.fixture.ts";
import { livesFor } from "./sessions.ts";

const session = () => ({ userId: randomUUID(), sessionId: randomUUID() });

function bearerOf(ref: ReturnType<typeof session>): LiveBearer {
  return { bearer: { kind: "user", ...ref, username: "norris", tier: "standard" }, livesFor: MINUTE };
}

describe("a server that hears", () => {
  test("asks the database about the first request of a session, and not about the next", async ({ database }) => {
    const { whoBears, database: own } = await aServer(database);
    const player = await aPlayer(database.db);
    const bearer = await whoBears(player);
    expect(bearer).toMatchObject({ kind: "user", userId: player.user.id });
    await own.close();
    expect(await whoBears(player)).toEqual(bearer);
    await expect(whoBears(await aPlayer(database.db))).rejects.toThrow();
  });

  test("tells the sessions of one user apart, and one user's from another's", async ({ database }) => {
    const { auth } = await aServer(database);
    const first = session();
    const refs = [first, { ...first, sessionId: randomUUID() }, { ...session(), sessionId: first.sessionId }];
    for (let round = 0; round < 2; round += 1)
      for (const ref of refs) expect(await auth.bearers.of(ref, async () => bearerOf(ref))).toMatchObject(ref);
  });

  test("does not keep what was loaded before a revocation and came after it", async ({ database }) => {
    const { auth, asGuest } = await aServer(database);
    const ref = session();
    const { promise: slow, resolve: arrive } = Promise.withResolvers<LiveBearer>();
    const overtaken = auth.bearers.of(ref, () => slow);
    await auth.bearers.revoked(asGuest(), ref.userId);
    arrive(bearerOf(ref));
    await overtaken;
    expect(await auth.bearers.of(ref, async () => null)).toBeNull();
  });

  test("nor what was loaded before it was deaf for a while", async ({ database }) => {
    const { auth, listening } = await aServer(database);
    const ref = session();
    const { promise: slow, resolve: arrive } = Promise.withResolvers<LiveBearer>();
    const overtaken = auth.bearers.of(ref, () => slow);
    const { promise: gap, resolve: onGap } = Promise.withResolvers<void>();
    listening.hear({ onWord: () => undefined, onGap });
    await deafen(database.db);
    await gap;
    await expect.poll(() => listening.isHearing, { timeout: 10_000 }).toBe(true);
    arrive(bearerOf(ref));
    await overtaken;
    expect(await auth.bearers.of(ref, async () => null)).toBeNull();
  });

  test("forgets nobody of whom nothing was said", async ({ database }) => {
    const { auth, asGuest } = await aServer(database);
    const ref = session();
    await auth.bearers.of(ref, async () => bearerOf(ref));
    await auth.bearers.revoked(asGuest(), session().userId);
    expect(await auth.bearers.of(ref, async () => null)).toMatchObject(ref);
  });

  test("remembers nobody any more once it is deaf", async ({ database }) => {
    const { auth, listening } = await aServer(database);
    await listening.close();
    const ref = session();
    expect(await auth.bearers.of(ref, async () => bearerOf(ref))).toMatchObject(ref);
    expect(await auth.bearers.of(ref, async () => null)).toBeNull();
  });

  test("knows when a remembered session ends by itself", async ({ database }) => {
    const { auth } = await aServer(database);
    const ref = session();
    await auth.bearers.of(ref, async () => ({ ...bearerOf(ref), livesFor: 30 }));
    await expect.poll(() => auth.bearers.of(ref, async () => null), { interval: 5 }).toBeNull();
  });

  test("finds room for a user who signs in again and again", async ({ database }) => {
    const { auth } = await aServer(database);
    const { userId } = session();
    const refs = Array.from({ length: 100 }, () => ({ userId, sessionId: randomUUID() }));
    for (const ref of refs) expect(await auth.bearers.of(ref, async () => bearerOf(ref))).toMatchObject(ref);
    const loaded: string[] = [];
    for (const ref of refs.toReversed())
      await auth.bearers.of(ref, async () => {
        loaded.push(ref.sessionId);
        return null;
      });
    expect(loaded).not.toContain(refs.at(-1)?.sessionId);
    expect(loaded).toContain(refs[0]?.sessionId);
  });
});

test.for([
  ["after 30 days without a refresh", sql`clock_timestamp() + interval '1 minute'`, sql`clock_timestamp()`],
  [
    "90 days after the sign-in",
    sql`clock_timestamp() + interval '30 days'`,
    sql`clock_timestamp() - interval '90 days' + interval '1 minute'`,
  ],
] as const)("a session ends %s, whichever comes first", async ([, expiresAt, startedAt], { database: { db } }) => {
  const { user } = await aPlayer(db);
  await db.update(sessions).set({ expiresAt, startedAt }).where(eq(sessions.userId, user.id));
  const [row] = await db.select({ livesFor }).from(sessions).where(eq(sessions.userId, user.id));
  expect(row?.livesFor).toBeLessThanOrEqual(MINUTE);
  expect(row?.livesFor).toBeGreaterThan(0);
});

describe("what is done by hand", () => {
  test.for([
    ["a session that is deleted", sql`delete from sessions where user_id = `],
    ["a session that is moved to its end", sql`update sessions set expires_at = clock_timestamp() where user_id = `],
    ["a user who is deactivated", sql`update users set is_active = false where id = `],
    ["a user who is deleted", sql`delete from users where id = `],
  ] as const)("is heard: %s", async ([, statement], { database }) => {
    const { whoBears } = await aServer(database);
    const player = await aPlayer(database.db);
    await whoBears(player);
    await database.db.execute(sql`${statement}${player.user.id}`);
    await expect.poll(() => whoBears(player)).toBeNull();
  });

  test("is heard: a user who becomes an admin", async ({ database }) => {
    const { whoBears } = await aServer(database);
    const player = await aPlayer(database.db);
    await whoBears(player);
    await database.db.update(users).set({ role: "admin" }).where(eq(users.id, player.user.id));
    await expect.poll(() => whoBears(player)).toMatchObject({ kind: "admin" });
  });

  test("is heard in one word where it is about more than a hundred users", async ({ database: { url, db } }) => {
    const { listening, whoBears } = await aServer({ url });
    const player = await aPlayer(db);
    await whoBears(player);
    for (let made = 0; made < 101; made += 1) await aUser(db);
    const words: string[] = [];
    listening.hear({ onWord: (word) => void words.push(word), onGap: () => undefined });
    await db.update(users).set({ tier: "premium" });
    await expect.poll(() => words).toEqual(["*"]);
    expect(await whoBears(player)).toMatchObject({ tier: "premium" });
    await db.execute(sql`truncate sessions`);
    await expect.poll(() => words).toEqual(["*", "*"]);
  });
});

test("neither a refresh nor the sweeping of sessions that are over is news", async ({ database }) => {
  const { listening, auth, asGuest } = await aServer(database);
  const words: string[] = [];
  const player = await aPlayer(database.db);
  await database.db.update(sessions).set({ expiresAt: sql`clock_timestamp()` });
  await auth.bearers.revoked(asGuest(), player.user.id);
  listening.hear({ onWord: (word) => void words.push(word), onGap: () => undefined });
  expect((await deleteOld(asGuest())).sessions).toBeGreaterThan(0);
  await database.db.update(users).set({ fullName: "Lando" }).where(eq(users.id, player.user.id));
  await database.db.execute(sql`select pg_notify('pitwall_bearers', 'flag')`);
  await expect.poll(() => words).toEqual(["flag"]);
});
