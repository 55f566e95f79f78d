import type { Db } from "@pitwall/db/database";
import {
  broadcasts,
  leagueMembers,
  leagues,
  notificationPreferences,
  notificationReads,
  notifications,
  oneTimeTokens,
  sessions,
  teamLineups,
  teams,
  users,
} from "@pitwall/db/schema";
import { DAY } from "@pitwall/domain/durations";
import { aRace, aSeason, aTeam, someDrivers } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { eq, sql } from "drizzle-orm";
import { describe, expect } from "vitest";
import { asGuest } from "../context.fixture.ts";
import type { AccountContext } from "../context.ts";
import { createLeague, joinByCode, joinLeague } from "../leagues/membership.ts";
import { meanwhile } from "../meanwhile.fixture.ts";
import { markAllRead, markRead, putAway } from "../notifications/inbox.ts";
import { setPreferences } from "../notifications/preferences.ts";
import { createTeam, setLineup } from "../teams.ts";
import { updateProfile } from "../users.ts";
import { requestEmailVerification } from "./addresses.ts";
import { aPlayer, bearing, password, reasonOf } from "./players.fixture.ts";
import { removeAccount } from "./removal.ts";
import { login } from "./sign-in.ts";

/** Somebody who plays, and all that a write of theirs needs. */
async function aScene(db: Db) {
  const season = await aSeason(db);
  const drivers = await someDrivers(db, season);
  const race = await aRace(db, { season, lockIn: DAY, drivers });
  const five = [0, 2, 4, 6, 8].flatMap((at) => drivers[at] ?? []);
  const lineup = { driverIds: five.map(({ id }) => id), captainId: five[0]?.id ?? "" };
  const [player, founder] = [await aPlayer(db), await aPlayer(db)];
  const open = { season, name: "Open to all", isPrivate: false, seats: 20 };
  const league = await createLeague(await bearing(db, founder), open);
  const team = await aTeam(db, { owner: player.user, season, lineup: { race, drivers: five } });
  const [note] = await db
    .insert(broadcasts)
    .values({ type: "system", title: "Hello", body: "To everybody.", data: {} })
    .returning();
  return { db, season, lineup, player, league, team, noteId: note?.id ?? "", ctx: await bearing(db, player) };
}

type Scene = Awaited<ReturnType<typeof aScene>>;
type Write = (scene: Scene, ctx: AccountContext) => Promise<unknown>;

const WRITES: readonly (readonly [what: string, reason: string, write: Write])[] = [
  [
    "found a league",
    "auth.session_over",
    ({ season }, ctx) => createLeague(ctx, { season, name: "Last minute", isPrivate: true, seats: 20 }),
  ],
  [
    "join a league",
    "auth.session_over",
    ({ league, team }, ctx) => joinLeague(ctx, { id: league.id, teamId: team.id }),
  ],
  [
    "join by code",
    "auth.session_over",
    ({ league, team }, ctx) => joinByCode(ctx, { code: league.code ?? "", teamId: team.id }),
  ],
  [
    "enter a team",
    "auth.session_over",
    ({ season, lineup }, ctx) => createTeam(ctx, { season, name: "Last minute", ...lineup }),
  ],
  [
    "save a line-up",
    "auth.session_over",
    ({ team, lineup }, ctx) => setLineup(ctx, { id: team.id, version: 1, ...lineup }),
  ],
  ["change the profile", "user.not_found", (_scene, ctx) => updateProfile(ctx, { fullName: "Anna Apex" })],
  [
    "set preferences",
    "auth.session_over",
    (_scene, ctx) => setPreferences(ctx, { items: [{ type: "system", inApp: true, email: true }] }),
  ],
  ["read a note", "notification.not_found", ({ noteId }, ctx) => markRead(ctx, { id: noteId })],
  ["put a note away", "notification.not_found", ({ noteId }, ctx) => putAway(ctx, { id: noteId })],
  ["read all notes", "let in", (_scene, ctx) => markAllRead(ctx)],
  ["ask for a mailed link", "auth.session_over", (_scene, ctx) => requestEmailVerification(ctx)],
  [
    "sign in",
    "auth.wrong_credentials",
    ({ player }, { db }) => login(asGuest(db), { login: player.user.username, password }),
  ],
];

describe.each(WRITES)("to %s", (_what, reason, write) => {
  test("comes too late while the account is deleted", async ({ database: { db } }) => {
    const scene = await aScene(db);
    const before = await playOf(scene);
    const outcome = await meanwhile(db, {
      first: (tx) => removeAccount({ ...scene.ctx, db: tx }, { password }),
      second: () => reasonOf(write(scene, scene.ctx)),
    });
    expect(outcome).toBe(reason);
    expect(await leftOf(scene)).toEqual(NOTHING);
    expect(await playOf(scene)).toEqual(before);
  });

  test("comes too late while the account is deactivated", async ({ database: { db } }) => {
    const scene = await aScene(db);
    const before = await leftOf(scene);
    const outcome = await meanwhile(db, {
      first: (tx) => tx.update(users).set({ isActive: false }).where(eq(users.id, scene.player.user.id)),
      second: () => reasonOf(write(scene, scene.ctx)),
    });
    expect(outcome).toBe(reason);
    expect(await leftOf(scene)).toEqual(before);
  });

  test("is cleared away by a deletion that waits for it", async ({ database: { db } }) => {
    const scene = await aScene(db);
    const outcome = await meanwhile(db, {
      first: (tx) => write(scene, { ...scene.ctx, db: tx }),
      second: () => reasonOf(removeAccount(scene.ctx, { password })),
    });
    expect(outcome).toBe("let in");
    expect(await leftOf(scene)).toEqual(NOTHING);
  });
});

const NOTHING = {
  ...{ sessions: 0, links: 0, seats: 0, leagues: 0, preferences: 0, reads: 0, notes: 0 },
  fullName: null,
};

async function leftOf({ db, player }: Scene) {
  const { id } = player.user;
  const [user] = await db.select({ fullName: users.fullName }).from(users).where(eq(users.id, id));
  return {
    sessions: await db.$count(sessions, eq(sessions.userId, id)),
    links: await db.$count(oneTimeTokens, eq(oneTimeTokens.userId, id)),
    seats: await db.$count(leagueMembers, eq(leagueMembers.userId, id)),
    leagues: await db.$count(leagues, eq(leagues.ownerId, id)),
    preferences: await db.$count(notificationPreferences, eq(notificationPreferences.userId, id)),
    reads: await db.$count(notificationReads, eq(notificationReads.userId, id)),
    notes: await db.$count(notifications, sql`user_id = ${id} or data ->> 'userId' = ${id}`),
    fullName: user?.fullName ?? null,
  };
}

/** What stays of a deleted account, and must not grow. */
async function playOf({ db, player }: Scene) {
  const own = db.select({ id: teams.id }).from(teams).where(eq(teams.ownerId, player.user.id));
  return { teams: (await own).length, lineups: await db.$count(teamLineups, sql`team_id in ${own}`) };
}
