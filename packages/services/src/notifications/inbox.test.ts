import { randomUUID } from "node:crypto";
import type { Db } from "@pitwall/db/database";
import { broadcasts, notificationReads, notifications } from "@pitwall/db/schema";
import { DAY } from "@pitwall/domain/durations";
import { aUser } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { eq } from "drizzle-orm";
import { beforeEach, describe, expect } from "vitest";
import { asGuest, asUser } from "../context.fixture.ts";
import type { ServiceContext } from "../context.ts";
import { countUnread, listNotifications, markAllRead, markRead, putAway } from "./inbox.ts";

async function aBroadcast(db: Db, title: string, createdAt?: Date): Promise<string> {
  const [row] = await db
    .insert(broadcasts)
    .values({ type: "system", title, body: "To everybody.", data: { n: 1 }, ...(createdAt && { createdAt }) })
    .returning({ id: broadcasts.id });
  return row?.id ?? "";
}

async function aNote(db: Db, user: { readonly id: string }, title: string, createdAt?: Date): Promise<string> {
  const [row] = await db
    .insert(notifications)
    .values({
      userId: user.id,
      type: "league_joined",
      title,
      body: "To you.",
      link: "/here",
      data: {},
      ...(createdAt && { createdAt }),
    })
    .returning({ id: notifications.id });
  return row?.id ?? "";
}

function daysAgo(days: number): Date {
  return new Date(Date.now() - days * DAY);
}

async function titles(ctx: ServiceContext, unread?: boolean): Promise<string[]> {
  return (await listNotifications(ctx, { unread, limit: 50 })).items.map(({ title }) => title);
}

// Broadcasts reach everybody, so no test may see those of another.
beforeEach<{ database: { db: Db } }>(async ({ database: { db } }) => {
  await db.delete(broadcasts);
});

describe("the inbox", () => {
  test("holds what was told to me and to everybody, newest first", async ({ database: { db } }) => {
    const [user, other] = [await aUser(db), await aUser(db)];
    await aNote(db, user, "first");
    const shared = await aBroadcast(db, "second");
    await aNote(db, other, "not for me");
    await aNote(db, user, "third");
    const { items, nextCursor } = await listNotifications(asUser(db, user), { limit: 50 });
    expect(items).toMatchObject([
      { title: "third", type: "league_joined", link: "/here", isRead: false },
      { id: shared, title: "second", type: "system", body: "To everybody.", link: null, data: { n: 1 }, isRead: false },
      { title: "first" },
    ]);
    expect(items[0]?.createdAt).toBeInstanceOf(Date);
    expect(nextCursor).toBeNull();
  });

  test("goes on page by page, each notification once", async ({ database: { db } }) => {
    const user = await aUser(db);
    for (const n of [1, 2, 3, 4, 5]) await (n % 2 ? aNote(db, user, `${n}`) : aBroadcast(db, `${n}`));
    const seen: string[][] = [];
    let cursor: string | undefined;
    do {
      const page = await listNotifications(asUser(db, user), { limit: 2, cursor });
      seen.push(page.items.map(({ title }) => title));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual([["5", "4"], ["3", "2"], ["1"]]);
  });

  test("begins with the account: what everybody was told before is not in it", async ({ database: { db } }) => {
    await aBroadcast(db, "before my time");
    const user = await aUser(db);
    await aBroadcast(db, "in my time");
    expect(await titles(asUser(db, user))).toEqual(["in my time"]);
  });

  test("forgets after 30 days", async ({ database: { db } }) => {
    const user = await aUser(db, { createdAt: daysAgo(100) });
    await aNote(db, user, "an old note", daysAgo(31));
    await aBroadcast(db, "old news", daysAgo(31));
    const old = await aNote(db, user, "older still", daysAgo(40));
    await aBroadcast(db, "news", daysAgo(29));
    await aNote(db, user, "a note", daysAgo(29));
    expect((await titles(asUser(db, user))).sort()).toEqual(["a note", "news"]);
    expect(await countUnread(asUser(db, user))).toEqual({ unread: 2 });
    await expect(markRead(asUser(db, user), { id: old })).rejects.toMatchObject({ kind: "not_found" });
  });

  test("is nobody's who is not signed in", async ({ database: { db } }) => {
    const ctx = asGuest(db);
    const id = await aBroadcast(db, "news");
    for (const act of [
      listNotifications(ctx, { limit: 1 }),
      countUnread(ctx),
      markRead(ctx, { id }),
      markAllRead(ctx),
      putAway(ctx, { id }),
    ])
      await expect(act).rejects.toMatchObject({ kind: "unauthenticated" });
  });
});

describe("reading", () => {
  test("marks one, personal or shared, for me alone", async ({ database: { db } }) => {
    const [user, other] = [await aUser(db), await aUser(db)];
    const [note, shared] = [await aNote(db, user, "note"), await aBroadcast(db, "news")];
    await aBroadcast(db, "more news");
    const ctx = asUser(db, user);
    expect(await countUnread(ctx)).toEqual({ unread: 3 });
    await markRead(ctx, { id: note });
    await markRead(ctx, { id: shared });
    expect(await countUnread(ctx)).toEqual({ unread: 1 });
    expect(await titles(ctx, true)).toEqual(["more news"]);
    expect(await titles(ctx)).toEqual(["more news", "news", "note"]);
    expect(await titles(asUser(db, other), true)).toEqual(["more news", "news"]);
  });

  test("twice changes nothing, not even the moment", async ({ database: { db } }) => {
    const user = await aUser(db);
    const [note, shared] = [await aNote(db, user, "note"), await aBroadcast(db, "news")];
    const ctx = asUser(db, user);
    const readAt = async () =>
      (await db.select({ at: notifications.readAt }).from(notifications).where(eq(notifications.id, note)))[0]?.at;
    await markRead(ctx, { id: note });
    const first = await readAt();
    for (const id of [note, shared, shared]) await markRead(ctx, { id });
    expect(await readAt()).toEqual(first);
    expect(await db.select().from(notificationReads).where(eq(notificationReads.userId, user.id))).toMatchObject([
      { read: [shared] },
    ]);
  });

  test("marks all at once, and says how many there were", async ({ database: { db } }) => {
    const user = await aUser(db);
    const ctx = asUser(db, user);
    await aNote(db, user, "note");
    await markRead(ctx, { id: await aBroadcast(db, "news") });
    await aBroadcast(db, "more news");
    expect(await markAllRead(ctx)).toEqual({ marked: 2 });
    expect(await countUnread(ctx)).toEqual({ unread: 0 });
    expect(await markAllRead(ctx)).toEqual({ marked: 0 });
    await aBroadcast(db, "later news");
    expect(await titles(ctx, true)).toEqual(["later news"]);
  });

  test("keeps every mark of sixteen made at once", async ({ database: { db } }) => {
    const user = await aUser(db);
    const ids: string[] = [];
    for (let n = 0; n < 16; n += 1) ids.push(await aBroadcast(db, `news ${n}`));
    await Promise.all(ids.map((id) => markRead(asUser(db, user), { id })));
    expect(await countUnread(asUser(db, user))).toEqual({ unread: 0 });
  });

  test("finds neither another's notification nor one that never was", async ({ database: { db } }) => {
    const [user, other] = [await aUser(db), await aUser(db)];
    const foreign = await aNote(db, other, "foreign");
    for (const id of [foreign, randomUUID()]) {
      await expect(markRead(asUser(db, user), { id })).rejects.toMatchObject({
        kind: "not_found",
        reason: "notification.not_found",
      });
      await expect(putAway(asUser(db, user), { id })).rejects.toMatchObject({
        kind: "not_found",
        reason: "notification.not_found",
      });
    }
    expect(await titles(asUser(db, other), true)).toEqual(["foreign"]);
  });
});

describe("putting away", () => {
  test("takes one out of my inbox and leaves everybody else's", async ({ database: { db } }) => {
    const [user, other] = [await aUser(db), await aUser(db)];
    const [note, shared] = [await aNote(db, user, "note"), await aBroadcast(db, "news")];
    await aBroadcast(db, "more news");
    const ctx = asUser(db, user);
    await putAway(ctx, { id: note });
    await putAway(ctx, { id: shared });
    expect(await titles(ctx)).toEqual(["more news"]);
    expect(await countUnread(ctx)).toEqual({ unread: 1 });
    expect(await titles(asUser(db, other))).toEqual(["more news", "news"]);
  });

  test("is for good: it can be neither read nor put away again", async ({ database: { db } }) => {
    const user = await aUser(db);
    const ctx = asUser(db, user);
    for (const id of [await aNote(db, user, "note"), await aBroadcast(db, "news")]) {
      await putAway(ctx, { id });
      await expect(putAway(ctx, { id })).rejects.toMatchObject({ kind: "not_found" });
      await expect(markRead(ctx, { id })).rejects.toMatchObject({ kind: "not_found" });
    }
    expect(await markAllRead(ctx)).toEqual({ marked: 0 });
  });
});
