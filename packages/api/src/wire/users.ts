import { z } from "zod";
import { decimal, listOf, moment, uuid } from "./shapes.ts";

/** Of one's own account; the e-mail address is shown nowhere else. */
export const ownProfile = z
  .object({
    id: uuid,
    username: z.string(),
    email: z.string(),
    emailVerified: z.boolean().meta({ description: "Whether a mailed link has confirmed the address" }),
    fullName: z.string().nullable(),
    role: z.enum(["user", "admin"]),
    since: moment,
  })
  .meta({ id: "OwnProfile" });

export const publicProfile = z
  .object({
    id: uuid,
    username: z.string(),
    fullName: z.string().nullable(),
    since: moment,
    teams: z.number(),
    leagues: z.number(),
  })
  .meta({ id: "PublicProfile" });

export const foundUser = z
  .object({ id: uuid, username: z.string(), fullName: z.string().nullable() })
  .meta({ id: "FoundUser" });

/** As admins see it. */
export const account = z
  .object({
    id: uuid,
    username: z.string(),
    email: z.string(),
    emailVerifiedAt: moment.nullable(),
    fullName: z.string().nullable(),
    role: z.enum(["user", "admin"]),
    tier: z.enum(["standard", "premium"]),
    isActive: z.boolean(),
    since: moment,
  })
  .meta({ id: "Account" });

const exportedTeam = z.object({
  id: uuid,
  season: z.number(),
  name: z.string(),
  createdAt: moment,
  removedAt: moment.nullable(),
  lineups: listOf(
    z.object({
      version: z.number(),
      race: z.object({ season: z.number(), slug: z.string() }),
      driverIds: listOf(z.string()),
      captainId: z.string(),
      cost: decimal,
      savedAt: moment,
    }),
  ),
});

/** Everything that is stored of somebody. */
export const myData = z
  .object({
    exportedAt: moment,
    profile: account.omit({ isActive: true }),
    sessions: listOf(
      z.object({
        id: uuid,
        device: z.string().nullable(),
        address: z.string().nullable(),
        startedAt: moment,
        lastSeenAt: moment,
        expiresAt: moment,
      }),
    ),
    mailedLinks: listOf(
      z.object({
        purpose: z.string(),
        email: z.string(),
        createdAt: moment,
        expiresAt: moment,
        usedAt: moment.nullable(),
      }),
    ),
    teams: listOf(exportedTeam),
    leagues: listOf(
      z.object({
        id: uuid,
        season: z.number(),
        name: z.string(),
        role: z.enum(["owner", "manager", "member"]),
        teamId: uuid.nullable(),
        joinedAt: moment.nullable(),
      }),
    ),
    notifications: listOf(
      z.object({
        id: uuid,
        type: z.string(),
        title: z.string(),
        body: z.string(),
        link: z.string().nullable(),
        data: z.record(z.string(), z.unknown()),
        createdAt: moment,
        readAt: moment.nullable(),
      }),
    ),
    preferences: listOf(z.object({ type: z.string(), inApp: z.boolean(), email: z.boolean() })),
  })
  .meta({ id: "MyData" });
