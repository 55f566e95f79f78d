import { aSeason, aTeam, aUser } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { describe, expect } from "vitest";
import { asGuest, asUser } from "../context.fixture.ts";
import type { ServiceContext } from "../context.ts";
import { createLeague, joinByCode } from "./membership.ts";
import { leagueById, listLeagues, membersOf } from "./reading.ts";

const page = { limit: 50, offset: 0 };
const notFound = { kind: "not_found", reason: "league.not_found" };

function aLeague(ctx: ServiceContext, season: number, name: string, isPrivate = false) {
  return createLeague(ctx, { season, name, isPrivate, seats: 20 });
}

describe("one league", () => {
  test("is shown to guests when public, without its code", async ({ database: { db } }) => {
    const owner = asUser(db, await aUser(db));
    const { id } = await aLeague(owner, await aSeason(db), "Open");
    expect(await leagueById(asGuest(db), { id })).toMatchObject({
      id,
      name: "Open",
      role: null,
      teamId: null,
      code: null,
    });
  });

  test("does not exist for outsiders when private, nor does its list of members", async ({ database: { db } }) => {
    const owner = asUser(db, await aUser(db));
    const { id } = await aLeague(owner, await aSeason(db), "Closed", true);
    for (const ctx of [asGuest(db), asUser(db, await aUser(db))]) {
      await expect(leagueById(ctx, { id })).rejects.toMatchObject(notFound);
      await expect(membersOf(ctx, { id, ...page })).rejects.toMatchObject(notFound);
    }
    expect(await leagueById(owner, { id })).toMatchObject({ id, role: "owner" });
  });

  test("is not found under an id of something else", async ({ database: { db } }) => {
    const user = await aUser(db);
    await expect(leagueById(asUser(db, user), { id: user.id })).rejects.toMatchObject(notFound);
  });
});

describe("the list", () => {
  test("shows public leagues, newest first, page by page with their number", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const owner = asUser(db, await aUser(db));
    const names = ["First", "Second", "Third"];
    for (const name of names) await aLeague(owner, season, name);
    await aLeague(owner, season, "Hidden", true);
    const first = await listLeagues(asGuest(db), { season, limit: 2, offset: 0 });
    expect(first).toMatchObject({ items: [{ name: "Third" }, { name: "Second" }], total: 3 });
    expect(await listLeagues(asGuest(db), { season, limit: 2, offset: 2 })).toMatchObject({
      items: [{ name: "First" }],
      total: 3,
    });
  });

  test("finds a part of a name without regard to case, and takes no wildcard", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const owner = asUser(db, await aUser(db));
    for (const name of ["Silver Arrows", "100% Papaya", "back\\slash_"]) await aLeague(owner, season, name);
    const found = async (search: string) =>
      (await listLeagues(asGuest(db), { season, search, ...page })).items.map(({ name }) => name);
    expect(await found("ARROW")).toEqual(["Silver Arrows"]);
    expect(await found("%")).toEqual(["100% Papaya"]);
    expect(await found("_")).toEqual(["back\\slash_"]);
    expect(await found("\\")).toEqual(["back\\slash_"]);
    expect(await found("nothing")).toEqual([]);
  });

  test("shows me mine, private ones too: those I own and those I am in", async ({ database: { db } }) => {
    const season = await aSeason(db);
    const user = await aUser(db);
    const [me, other] = [asUser(db, user), asUser(db, await aUser(db))];
    await aLeague(me, season, "Owned", true);
    const { code } = await aLeague(other, season, "Entered", true);
    await aLeague(other, season, "Foreign");
    const team = await aTeam(db, { owner: user, season });
    await joinByCode(me, { code: code ?? "", teamId: team.id });
    const mine = await listLeagues(me, { mine: true, ...page });
    expect(mine).toMatchObject({
      items: [
        { name: "Entered", code, role: "member" },
        { name: "Owned", role: "owner" },
      ],
      total: 2,
    });
    await expect(listLeagues(asGuest(db), { mine: true, ...page })).rejects.toMatchObject({ kind: "unauthenticated" });
  });
});

test("the members stand in the order of their coming, with their teams", async ({ database: { db } }) => {
  const season = await aSeason(db);
  const users = [await aUser(db), await aUser(db), await aUser(db)];
  const [owner] = users;
  if (!owner) throw new Error("no owner");
  const { id, code } = await aLeague(asUser(db, owner), season, "Paddock club", true);
  for (const user of users) {
    const team = await aTeam(db, { owner: user, season, name: `Team of ${user.username}` });
    await joinByCode(asUser(db, user), { code: code ?? "", teamId: team.id });
  }
  const { items, total } = await membersOf(asUser(db, owner), { id, ...page });
  expect(items.map(({ username, team, role }) => [username, team.name, role])).toEqual(
    users.map(({ username }, at) => [username, `Team of ${username}`, at === 0 ? "owner" : "member"]),
  );
  expect(total).toBe(3);
  expect(await membersOf(asUser(db, owner), { id, limit: 1, offset: 2 })).toMatchObject({
    items: [{ userId: users[2]?.id }],
    total: 3,
  });
});
