import { notificationPreferences, notifications } from "@pitwall/db/schema";
import { aUser } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { eq } from "drizzle-orm";
import { expect } from "vitest";
import { asGuest, asUser } from "../context.fixture.ts";
import { countUnread, listNotifications, markAllRead, markRead } from "./inbox.ts";
import { preferencesOf, setPreferences } from "./preferences.ts";

const off = { type: "league_joined", inApp: false, email: false } as const;
const on = { type: "league_joined", inApp: true, email: false } as const;

test("begin with all in the app and nothing by e-mail", async ({ database: { db } }) => {
  const { items } = await preferencesOf(asUser(db, await aUser(db)));
  expect(items.map(({ type }) => type)).toEqual([
    "results_in",
    "correction",
    "league_joined",
    "league_role",
    "lock_reminder",
    "system",
  ]);
  expect(items.filter(({ inApp, email }) => !inApp || email)).toEqual([]);
});

test("change where they are named, and are stored only where they differ", async ({ database: { db } }) => {
  const user = await aUser(db);
  const ctx = asUser(db, user);
  const stored = () => db.$count(notificationPreferences, eq(notificationPreferences.userId, user.id));
  const mailed = { type: "correction", inApp: true, email: true } as const;
  const { items } = await setPreferences(ctx, { items: [off, mailed] });
  expect(items).toEqual(expect.arrayContaining([off, mailed, { type: "system", inApp: true, email: false }]));
  expect(await stored()).toBe(2);
  expect((await setPreferences(ctx, { items: [off, on] })).items).toEqual(expect.arrayContaining([on, mailed]));
  expect(await stored()).toBe(1);
  expect(await preferencesOf(ctx)).toEqual(await setPreferences(ctx, { items: [on] }));
});

test("hide what is switched off, and show it as it was once it is on again", async ({ database: { db } }) => {
  const user = await aUser(db);
  const ctx = asUser(db, user);
  const note = { userId: user.id, title: "A note", body: "To you.", data: {} };
  const [hidden] = await db
    .insert(notifications)
    .values({ ...note, type: "league_joined" })
    .returning({ id: notifications.id });
  await db.insert(notifications).values({ ...note, type: "system" });
  await setPreferences(ctx, { items: [off] });
  const seen = async () => (await listNotifications(ctx, { limit: 50 })).items.map(({ type }) => type);
  expect(await seen()).toEqual(["system"]);
  expect(await markAllRead(ctx)).toEqual({ marked: 1 });
  expect(await countUnread(ctx)).toEqual({ unread: 0 });
  await expect(markRead(ctx, { id: hidden?.id ?? "" })).rejects.toMatchObject({ kind: "not_found" });
  await setPreferences(ctx, { items: [on] });
  expect(await seen()).toEqual(["system", "league_joined"]);
  expect(await countUnread(ctx)).toEqual({ unread: 1 });
});

test("are everybody's own, and nobody's who is not signed in", async ({ database: { db } }) => {
  const [one, other] = [await aUser(db), await aUser(db)];
  await setPreferences(asUser(db, one), { items: [off] });
  expect((await preferencesOf(asUser(db, other))).items).toContainEqual(on);
  for (const act of [preferencesOf(asGuest(db)), setPreferences(asGuest(db), { items: [off] })])
    await expect(act).rejects.toMatchObject({ kind: "unauthenticated" });
});
