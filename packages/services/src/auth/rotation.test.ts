import { withTx } from "@pitwall/db/database";
import { sessions } from "@pitwall/db/schema";
import { test } from "@pitwall/testing/database";
import { eq, isNull, sql } from "drizzle-orm";
import { expect } from "vitest";
import { asGuest } from "../context.fixture.ts";
import { aPlayer, bearing, isIn, reasonOf } from "./players.fixture.ts";
import { refresh } from "./sign-in.ts";
import type { SignedIn } from "./signed-in.ts";

test("of many who refresh at once each goes on in their own session, from where they are", async ({
  database: { db },
}) => {
  const players = [];
  for (let nth = 0; nth < 12; nth += 1) players.push(await aPlayer(db));
  const devices = players.map((_, nth) => (nth === 3 ? null : `device ${nth}`));
  const next = await Promise.all(
    players.map((player, nth) => {
      const actor = { kind: "guest", address: `192.0.2.${nth}`, device: devices[nth] ?? null } as const;
      return refresh({ ...asGuest(db), actor }, player);
    }),
  );
  expect(next.map(({ user }) => user)).toEqual(players.map(({ user }) => user));
  for (const [nth, player] of players.entries()) {
    const [now] = next.slice(nth, nth + 1);
    expect((await bearing(db, now ?? player)).actor).toEqual((await bearing(db, player)).actor);
    const rows = await db.select().from(sessions).where(eq(sessions.userId, player.user.id)).orderBy(sessions.spentAt);
    expect(rows).toHaveLength(2);
    expect(rows.at(-1)).toMatchObject({ spentAt: null, device: devices[nth], address: `192.0.2.${nth}` });
  }
  const written = await db
    .select({ at: sql<string>`${sessions}.xmin::text` })
    .from(sessions)
    .where(isNull(sessions.spentAt));
  expect(new Set(written.map(({ at }) => at)).size).toBeLessThan(12);
});

test("of those who refresh at once, who is refused is refused alone, and for their own reason", async ({
  database: { db },
}) => {
  const [ada, grace, spent] = [await aPlayer(db), await aPlayer(db), await aPlayer(db)];
  const stolen = await refresh(asGuest(db), spent);
  const attempts = [ada, { refreshToken: "of nobody" }, ada, spent, grace].map((one) =>
    reasonOf(refresh(asGuest(db), one)),
  );
  expect((await Promise.all(attempts)).toSorted()).toEqual(
    ["auth.refresh_raced", "auth.refresh_reused", "auth.session_over", "let in", "let in"].toSorted(),
  );
  expect(await isIn(db, ada)).toBe(true);
  expect(await isIn(db, stolen)).toBe(false);
});

test("whoever waits for somebody else's work on their session keeps nobody else waiting", async ({
  database: { db },
}) => {
  const [ada, grace] = [await aPlayer(db), await aPlayer(db)];
  const order: string[] = [];
  const going = async (name: string, player: SignedIn) => {
    const next = await refresh(asGuest(db), player);
    order.push(name);
    return next;
  };
  const held = Promise.withResolvers<void>();
  const isFree = Promise.withResolvers<void>();
  const holding = withTx(db, async (tx) => {
    await tx.select().from(sessions).where(eq(sessions.userId, ada.user.id)).for("update");
    held.resolve();
    await isFree.promise;
    order.push("free");
  });
  await held.promise;
  const both = [going("ada", ada), going("grace", grace)];
  await both[1];
  isFree.resolve();
  await Promise.all([...both, holding]);
  expect(order).toEqual(["grace", "free", "ada"]);
});
