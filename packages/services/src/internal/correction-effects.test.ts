import type { Db } from "@pitwall/db/database";
import { notifications } from "@pitwall/db/schema";
import { aUser } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { describe, expect } from "vitest";
import { asUser } from "../context.fixture.ts";
import { countUnread, listNotifications, markRead, putAway } from "../notifications/inbox.ts";
import { aLockedRace, at, record, result } from "../results/results.fixture.ts";
import { removeTeam } from "../teams/keeping.ts";

async function correctionTold(db: Db, user: { readonly id: string; readonly username: string }) {
  const { items } = await listNotifications(asUser(db, user), { limit: 50 });
  return items.filter(({ type }) => type === "correction");
}

/** Ann's captain wins and is disqualified; Ben's teams move up. */
async function aCorrectedRace(db: Db) {
  const onlooker = await aUser(db);
  const made = await aLockedRace(db);
  await record(db, made.race, result(made.drivers));
  const correct = () => record(db, made.race, result(made.drivers.slice(1), at(made.drivers, 0)), 27);
  return { ...made, onlooker, correct };
}

describe("what a correction did", () => {
  test("is told in one notification: to everybody what changed, to each person what it did to every team of theirs", async ({
    database: { db },
  }) => {
    const { ann, ben, onlooker, bensTeam, correct } = await aCorrectedRace(db);
    await correct();
    expect(await correctionTold(db, ann)).toHaveLength(1);
    expect(await correctionTold(db, ben)).toMatchObject([
      {
        body: expect.stringContaining(`${bensTeam.name}: 72.0 points, were 52.0; rank 1, was 2.`),
        data: { teams: [{ teamId: bensTeam.id, pointsBefore: 52, pointsAfter: 72, rankBefore: 2, rankAfter: 1 }] },
      },
    ]);
    const [told] = await correctionTold(db, onlooker);
    expect(told?.data).toMatchObject({ teams: [] });
    expect(told?.body).not.toContain("points, were");
    expect(await db.select().from(notifications)).toEqual([]);
  });

  test("counts, is read and is put away like anything else", async ({ database: { db } }) => {
    const { ann, correct } = await aCorrectedRace(db);
    const before = await countUnread(asUser(db, ann));
    await correct();
    expect(await countUnread(asUser(db, ann))).toEqual({ unread: before.unread + 1 });
    const id = (await correctionTold(db, ann))[0]?.id ?? "";
    await markRead(asUser(db, ann), { id });
    expect(await countUnread(asUser(db, ann))).toEqual(before);
    await putAway(asUser(db, ann), { id });
    expect(await correctionTold(db, ann)).toEqual([]);
  });

  test("is told of a team that was removed afterwards, and not of one that was gone", async ({ database: { db } }) => {
    const { ann, annsTeam, ben, bensTeam, correct } = await aCorrectedRace(db);
    await removeTeam(asUser(db, ann), { id: annsTeam.id });
    await correct();
    await removeTeam(asUser(db, ben), { id: bensTeam.id });
    expect(await correctionTold(db, ann)).toMatchObject([{ data: { teams: [] } }]);
    expect(await correctionTold(db, ben)).toMatchObject([{ data: { teams: [{ teamId: bensTeam.id }] } }]);
  });

  test("is told without ranks where nobody stands any more", async ({ database: { db } }) => {
    const { race, drivers, ann, annsTeam, bensTeam, ben, correct } = await aCorrectedRace(db);
    await correct();
    await removeTeam(asUser(db, ann), { id: annsTeam.id });
    await removeTeam(asUser(db, ben), { id: bensTeam.id });
    await record(db, race, result(drivers), 51);
    const told = await correctionTold(db, ann);
    expect(told.map(({ data }) => data.teams)).toMatchObject([[], [{ teamId: annsTeam.id, rankAfter: 2 }]]);
  });
});
