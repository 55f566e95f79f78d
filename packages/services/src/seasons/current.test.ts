import { DAY } from "@pitwall/domain/durations";
import { aRace, aSeason, moveRace } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { expect } from "vitest";
import { asGuest } from "../context.fixture.ts";
import { currentSeason } from "./current.ts";

test("the season being played is that of the next race to lock, then that of the race that locked last", async ({
  database: { db },
}) => {
  const ctx = asGuest(db);
  await expect(currentSeason(ctx)).rejects.toMatchObject({ reason: "season.none" });

  const newest = await aSeason(db, 2030);
  expect(await currentSeason(ctx)).toBe(newest);

  const played = await aSeason(db, 2025);
  const race = await aRace(db, { season: played, lockIn: DAY });
  const later = await aRace(db, { season: newest, lockIn: 20 * DAY });
  expect(await currentSeason(ctx)).toBe(played);

  await moveRace(db, later, -9 * DAY);
  await moveRace(db, race, -2 * DAY);
  expect(await currentSeason(ctx)).toBe(played);
});
