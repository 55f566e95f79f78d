import { randomUUID } from "node:crypto";
import { sessions, users } from "@pitwall/db/schema";
import { test } from "@pitwall/testing/database";
import { eq } from "drizzle-orm";
import { expect } from "vitest";
import { asGuest } from "../context.fixture.ts";
import { authenticate } from "./authenticate.ts";
import { aPlayer, isIn } from "./players.fixture.ts";

test("knows who bears a token, and in which session", async ({ database: { db } }) => {
  const { accessToken, user } = await aPlayer(db);
  const [row] = await db.select().from(sessions).where(eq(sessions.userId, user.id));
  expect(await authenticate(asGuest(db), accessToken)).toEqual({
    kind: "user",
    userId: user.id,
    username: user.username,
    sessionId: row?.family,
    tier: "standard",
  });
});

test("knows each of many who ask at once", async ({ database: { db } }) => {
  const players = [await aPlayer(db), await aPlayer(db), await aPlayer(db)];
  const [, gone] = players;
  await db
    .update(users)
    .set({ isActive: false })
    .where(eq(users.id, gone?.user.id ?? ""));
  const known = await Promise.all(players.map(({ accessToken }) => authenticate(asGuest(db), accessToken)));
  expect(known.map((actor) => actor && "username" in actor && actor.username)).toEqual([
    players[0]?.user.username,
    null,
    players[2]?.user.username,
  ]);
});

test("goes by the role and the name of now, not by those of the sign-in", async ({ database: { db } }) => {
  const { accessToken, user } = await aPlayer(db);
  await db.update(users).set({ role: "admin", username: "promoted" }).where(eq(users.id, user.id));
  expect(await authenticate(asGuest(db), accessToken)).toMatchObject({ kind: "admin", username: "promoted" });
});

test("knows a deactivated user no more, from the next request on", async ({ database: { db } }) => {
  const signedIn = await aPlayer(db);
  await db.update(users).set({ isActive: false }).where(eq(users.id, signedIn.user.id));
  expect(await isIn(db, signedIn)).toBe(false);
});

test("knows a deleted user no more", async ({ database: { db } }) => {
  const signedIn = await aPlayer(db);
  await db.delete(users).where(eq(users.id, signedIn.user.id));
  expect(await isIn(db, signedIn)).toBe(false);
});

test("takes no refresh token, nothing that stands in the table, and no session of another user", async ({
  database: { db },
}) => {
  const { accessToken, refreshToken, user } = await aPlayer(db);
  const [row] = await db.select().from(sessions).where(eq(sessions.userId, user.id));
  const stolen = await asGuest(db).auth.accessTokens.sign({ userId: randomUUID(), sessionId: row?.family ?? "" });
  const unborn = await asGuest(db).auth.accessTokens.sign({ userId: user.id, sessionId: randomUUID() });
  for (const token of [refreshToken, row?.id ?? "", row?.family ?? "", stolen, unborn, "", accessToken.slice(0, -1)])
    expect(await authenticate(asGuest(db), token)).toBeNull();
});
