import { notifications, oneTimeTokens } from "@pitwall/db/schema";
import { DAY } from "@pitwall/domain/durations";
import { aRace, aSeason, aTeam, aUser, someDrivers } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { expect } from "vitest";
import { aPlayer, bearing } from "../auth/players.fixture.ts";
import { asGuest, asUser } from "../context.fixture.ts";
import { createLeague } from "../leagues/membership.ts";
import { exportMyData } from "./export.ts";

test("holds everything of mine, nothing of others, and no key to anything", async ({ database: { db } }) => {
  const season = await aSeason(db);
  const drivers = await someDrivers(db, season);
  const race = await aRace(db, { season, lockIn: DAY, drivers });
  const player = await aPlayer(db);
  const ctx = await bearing(db, player);
  const five = drivers.filter((_, place) => place % 2 === 0);
  const team = await aTeam(db, { owner: player.user, season, lineup: { race, drivers: five } });
  const league = await createLeague(ctx, { season, name: "Mine", isPrivate: true, seats: 5, teamId: team.id });
  const stranger = await aUser(db);
  await aTeam(db, { owner: stranger, season, name: "A stranger's" });
  for (const userId of [player.user.id, stranger.id]) {
    await db
      .insert(notifications)
      .values({ userId, type: "system", title: `To ${userId}`, body: "Hello.", data: { n: 1 } });
    await db.insert(oneTimeTokens).values({
      ...{ digest: `digest of ${userId}`, userId, purpose: "change_email" as const },
      ...{ email: `${userId}@example.org`, expiresAt: new Date() },
    });
  }
  const mine = await exportMyData(ctx);
  expect(mine).toMatchObject({
    profile: { id: player.user.id, email: player.user.email, role: "user", tier: "standard", emailVerifiedAt: null },
    sessions: [{ address: "192.0.2.7", device: null }],
    mailedLinks: expect.arrayContaining([expect.objectContaining({ purpose: "change_email", usedAt: null })]),
    teams: [
      {
        id: team.id,
        season,
        lineups: [
          {
            version: 1,
            race: { season, slug: race.slug },
            driverIds: five.map(({ id }) => id),
            captainId: five[0]?.id,
            cost: 750,
          },
        ],
      },
    ],
    leagues: [{ id: league.id, role: "owner", teamId: team.id }],
    notifications: [{ title: `To ${player.user.id}`, data: { n: 1 }, readAt: null }],
  });
  expect(mine.preferences).toHaveLength(6);
  const text = JSON.stringify(mine);
  for (const foreign of [stranger.id, "A stranger's", "argon2", "digest of", player.refreshToken])
    expect(text).not.toContain(foreign);
});

test("is short for who has just begun, and nothing for a guest", async ({ database: { db } }) => {
  expect(await exportMyData(asUser(db, await aUser(db)))).toMatchObject({
    sessions: [],
    mailedLinks: [],
    teams: [],
    leagues: [],
    notifications: [],
  });
  await expect(exportMyData(asGuest(db))).rejects.toMatchObject({ kind: "unauthenticated" });
});
