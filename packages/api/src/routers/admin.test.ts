import { contextAs } from "@pitwall/services/context.fixture";
import { receiveSeason } from "@pitwall/services/seasons/sync";
import { aSeason, aUser } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { describe, expect } from "vitest";
import { aCaller } from "../play.fixture.ts";

describe("accounts", () => {
  test("are listed for admins, addresses included and no digest", async ({ database: { db } }) => {
    const { caller } = await aCaller(db, { role: "admin" });
    const player = await aUser(db, { username: "findable_9" });
    expect(await caller.admin.users({ search: "ABLE_9", role: "user", active: true })).toEqual({
      items: [
        {
          id: player.id,
          username: "findable_9",
          email: "findable_9@example.org",
          emailVerifiedAt: null,
          fullName: null,
          role: "user",
          tier: "standard",
          isActive: true,
          since: player.createdAt,
        },
      ],
      total: 1,
    });
  });

  test("are changed in what admins may change, and that is written down", async ({ database: { db } }) => {
    const { user: admin, caller } = await aCaller(db, { role: "admin" });
    const { id } = await aUser(db);
    expect(await caller.admin.changeUser({ id, tier: "premium" })).toMatchObject({ id, tier: "premium" });
    const renaming = { id, username: "renamed", email: "renamed@example.org", passwordHash: "none" };
    await expect(caller.admin.changeUser(renaming)).rejects.toMatchObject({
      fault: { status: 400, errors: [{ field: "username" }, { field: "email" }, { field: "passwordHash" }] },
    });
    const { items, nextCursor } = await caller.admin.audit({ limit: 1 });
    expect(items).toMatchObject([
      { actor: admin.id, act: "change_user", subject: id, detail: { tier: { from: "standard", to: "premium" } } },
    ]);
    expect(nextCursor).toBeNull();
    await expect(caller.admin.audit({ cursor: "0" })).rejects.toMatchObject({ fault: { status: 400 } });
  });

  test("of the last admin stay an admin's", async ({ database: { db } }) => {
    const { user, caller } = await aCaller(db, { role: "admin" });
    const { items } = await caller.admin.users({ role: "admin", active: true });
    for (const { id } of items) if (id !== user.id) await caller.admin.changeUser({ id, role: "user" });
    for (const change of [{ role: "user" }, { isActive: false }] as const)
      await expect(caller.admin.changeUser({ id: user.id, ...change })).rejects.toMatchObject({
        fault: { status: 422, reason: "user.last_admin" },
      });
  });

  test("are no business of users", async ({ database: { db } }) => {
    const { user, caller } = await aCaller(db);
    for (const attempt of [
      caller.admin.users({}),
      caller.admin.changeUser({ id: user.id, role: "admin" }),
      caller.admin.audit({}),
    ])
      await expect(attempt).rejects.toMatchObject({ fault: { status: 403, reason: "auth.admin_only" } });
    expect(await caller.users.me()).toMatchObject({ role: "user" });
  });
});

test("an admin sees when a season was asked for, what came of it and what it changed", async ({ database: { db } }) => {
  const { caller } = await aCaller(db, { role: "admin" });
  const season = await aSeason(db);
  const away = { kind: "failed", reason: "The source answered 504." } as const;
  const drivers = { kind: "told", items: [{ id: "told_by_a_sync", givenName: "New", familyName: "Face" }] } as const;
  const clock = contextAs(db, { kind: "system", name: "clock" });
  const answer = { kind: "season", races: away, constructors: away, drivers } as const;
  await receiveSeason(clock, { season, source: "jolpica", answer });
  expect(await caller.admin.syncs({ season })).toEqual({
    items: [
      {
        season,
        at: expect.any(Date),
        source: "jolpica",
        outcome: "failed",
        reason: "calendar: The source answered 504. constructors: The source answered 504.",
        changes: {
          races: { added: [], changed: [], cancelled: [], reinstated: [] },
          constructors: { added: [], changed: [] },
          drivers: { added: ["told_by_a_sync"], changed: [], priced: [] },
        },
      },
    ],
    total: 1,
  });
  expect(await caller.admin.syncs({ season: 1999 })).toEqual({ items: [], total: 0 });
});
