import { races } from "@pitwall/db/schema";
import { HOUR } from "@pitwall/domain/durations";
import { aRace, aSeason, aTeam, aUser, lockNow, someDrivers } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { eq } from "drizzle-orm";
import { expect } from "vitest";
import { asGuest, asUser } from "../context.fixture.ts";
import { lockDueRaces } from "../races.ts";
import { at, record, result } from "../results/results.fixture.ts";
import { setLineup } from "../teams.ts";
import { lineupHistory } from "./history.ts";

const page = { limit: 50, offset: 0 };

test("a line-up carries over until it is replaced, and the history says where and for how many points", async ({
  database: { db },
}) => {
  const season = await aSeason(db);
  const drivers = await someDrivers(db, season, Array(20).fill(150));
  const owner = await aUser(db);
  const ctx = asUser(db, owner);
  const first = await aRace(db, { season, lockIn: HOUR, drivers });
  const { id } = await aTeam(db, { owner, season, lineup: { race: first, drivers: at(drivers, 0, 2, 4, 6, 8) } });
  const save = async (version: number, ...places: number[]) => {
    const driverIds = at(drivers, ...places).map((driver) => driver.id);
    await setLineup(ctx, { id, version, driverIds, captainId: driverIds[0] ?? "" });
  };
  await save(1, 1, 3, 5, 7, 9);
  await record(db, await lockNow(db, first), result(drivers));
  const second = await aRace(db, { season, lockIn: HOUR, drivers });
  await record(db, await lockNow(db, second), result(drivers.toReversed()));
  const called = await aRace(db, { season, lockIn: HOUR, drivers });
  await lockNow(db, called);
  await lockDueRaces(ctx);
  await db.update(races).set({ cancelledAt: new Date() }).where(eq(races.id, called.id));
  const open = await aRace(db, { season, lockIn: HOUR, drivers });
  await save(2, 0, 2, 4, 6, 8);
  await lockNow(db, open);
  await lockDueRaces(ctx);

  const history = await lineupHistory(ctx, { id, ...page });
  expect(history.total).toBe(3);
  expect(history.items.map(({ version, fielded }) => [version, fielded])).toEqual([
    [3, [{ slug: open.slug, name: open.name, points: null }]],
    [
      2,
      [
        // P2 as captain, then P4, P6, P8 and P10.
        { slug: first.slug, name: first.name, points: 270 + 120 + 80 + 40 + 10 },
        { slug: second.slug, name: second.name, points: 0 },
      ],
    ],
    [1, []],
  ]);
  expect(history.items[1]).toMatchObject({ captainId: drivers[1]?.id, cost: 750 });
  expect(await lineupHistory(ctx, { id, limit: 1, offset: 1 })).toEqual({ items: [history.items[1]], total: 3 });
});

test("the history of a team is its owner's alone", async ({ database: { db } }) => {
  const team = await aTeam(db, { owner: await aUser(db), season: await aSeason(db) });
  const look = { id: team.id, ...page };
  await expect(lineupHistory(asUser(db, await aUser(db)), look)).rejects.toMatchObject({ reason: "team.not_yours" });
  await expect(lineupHistory(asGuest(db), look)).rejects.toMatchObject({ kind: "unauthenticated" });
});
