import { z } from "zod";
import { id, name, text } from "./fields.ts";
import { moment, uuid } from "./shapes.ts";

const role = z.enum(["owner", "manager", "member"]);

export const league = z
  .object({
    id: uuid,
    season: z.number(),
    name: z.string(),
    description: z.string(),
    isPrivate: z.boolean(),
    seats: z.number(),
    memberCount: z.number(),
    owner: z.object({ id: uuid, username: z.string() }),
    createdAt: moment,
    version: z.number().meta({ description: "Counts what its rulers changed of it" }),
    role: role.nullable().meta({ description: "Your own place in the league" }),
    teamId: uuid.nullable(),
    code: z.string().nullable().meta({ description: "Lets others in; shown to members only" }),
  })
  .meta({ id: "League" });

export const member = z
  .object({
    userId: uuid,
    username: z.string(),
    team: z.object({ id: uuid, name: z.string() }),
    role,
    joinedAt: moment,
  })
  .meta({ id: "LeagueMember" });

export const ban = z
  .object({
    userId: uuid,
    username: z.string(),
    bannedBy: z.object({ id: uuid, username: z.string() }),
    bannedAt: moment,
  })
  .meta({ id: "LeagueBan" });

export const leagueName = name(3, 100);
export const description = text(500);
export const seats = z.int().min(2).max(100_000);

/** Somebody in a league, or kept out of it. */
export const place = z.strictObject({ id, userId: id });
