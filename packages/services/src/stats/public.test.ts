import { memoryCache } from "@pitwall/cache/memory";
import { aSeason, aTeam, aUser } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { expect } from "vitest";
import { contextAs } from "../context.fixture.ts";
import { publicStats } from "./public.ts";

test("the public figures count who takes part, and may be a minute old", async ({ database: { db } }) => {
  const ctx = contextAs(db, { kind: "guest", address: null, device: null }, { cache: memoryCache() });
  await aTeam(db, { owner: await aUser(db), season: await aSeason(db) });
  await aUser(db, { isActive: false });
  const counted = { users: 1, teams: 1, leagues: 0, updatedAt: null };
  expect(await publicStats(ctx)).toEqual(counted);

  await aUser(db);
  expect(await publicStats(ctx)).toEqual(counted);
});
