import { randomUUID } from "node:crypto";
import { test } from "@pitwall/testing/database";
import { expect } from "vitest";
import { asGuest, contextAs } from "../context.fixture.ts";
import { endSession, sessionsOf } from "./listing.ts";
import { aPlayer, bearing, isIn, password, reasonOf } from "./players.fixture.ts";
import { login, refresh } from "./sign-in.ts";

test("lists my sessions, each once however often it was refreshed, and says which one I use", async ({
  database: { db },
}) => {
  const first = await aPlayer(db);
  await aPlayer(db);
  const phone = contextAs(db, { kind: "guest", address: "198.51.100.9", device: "Phone" });
  const onPhone = await login(phone, { login: first.user.username, password });
  const refreshed = await refresh(phone, onPhone);
  const { items } = await sessionsOf(await bearing(db, refreshed));
  expect(items).toMatchObject([
    { device: "Phone", address: "198.51.100.9", isCurrent: true },
    { device: null, address: "192.0.2.7", isCurrent: false },
  ]);
  expect(items[0]?.lastSeenAt.getTime()).toBeGreaterThanOrEqual(items[0]?.startedAt.getTime() ?? Number.NaN);
});

test("ends one session, and the others go on", async ({ database: { db } }) => {
  const first = await aPlayer(db);
  const second = await login(asGuest(db), { login: first.user.username, password });
  const ctx = await bearing(db, first);
  const other = (await sessionsOf(ctx)).items.find(({ isCurrent }) => !isCurrent);
  await endSession(ctx, { id: other?.id ?? "" });
  expect([await isIn(db, first), await isIn(db, second)]).toEqual([true, false]);
  expect(await reasonOf(refresh(asGuest(db), second))).toBe("auth.session_over");
  await expect(endSession(ctx, { id: other?.id ?? "" })).rejects.toMatchObject({ kind: "not_found" });
});

test("finds no session of another user", async ({ database: { db } }) => {
  const [mine, theirs] = [await aPlayer(db), await aPlayer(db)];
  const [foreign] = (await sessionsOf(await bearing(db, theirs))).items;
  for (const id of [foreign?.id ?? "", randomUUID()])
    await expect(endSession(await bearing(db, mine), { id })).rejects.toMatchObject({
      kind: "not_found",
      reason: "session.not_found",
    });
  expect(await isIn(db, theirs)).toBe(true);
});

test("asks guests to sign in", async ({ database: { db } }) => {
  await expect(sessionsOf(asGuest(db))).rejects.toMatchObject({ kind: "unauthenticated" });
  await expect(endSession(asGuest(db), { id: randomUUID() })).rejects.toMatchObject({ kind: "unauthenticated" });
});
