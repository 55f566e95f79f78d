import { createLeague, joinByCode, joinLeague, leaveLeague } from "@pitwall/services/leagues/membership";
import { leagueById, listLeagues, membersOf } from "@pitwall/services/leagues/reading";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { publicProcedure, userProcedure } from "../trpc.ts";
import { byOffset, id, name, season, text } from "../wire/fields.ts";
import { listOf, moment, nothing, uuid } from "../wire/shapes.ts";

const tags = ["leagues"];

const role = z.enum(["owner", "manager", "member"]);

const league = z
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
    role: role.nullable().meta({ description: "Your own place in the league" }),
    teamId: uuid.nullable(),
    code: z.string().nullable().meta({ description: "Lets others in; shown to members only" }),
  })
  .meta({ id: "League" });

const member = z
  .object({
    userId: uuid,
    username: z.string(),
    team: z.object({ id: uuid, name: z.string() }),
    role,
    joinedAt: moment,
  })
  .meta({ id: "LeagueMember" });

export const leaguesRouter = {
  create: userProcedure
    .meta({
      creates: true,
      limit: "league",
      openapi: { method: "POST", path: "/leagues", tags, summary: "Found a league" },
    })
    .input(
      z.strictObject({
        season,
        name: name(3, 100),
        description: text(500).optional(),
        isPrivate: z.boolean().default(true),
        seats: z.int().min(2).max(100_000).default(20),
        teamId: id.optional().meta({ description: "The team that you enter at once" }),
      }),
    )
    .output(league)
    .mutation(({ ctx, input }) => createLeague(ctx, input)),

  list: publicProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/leagues",
        tags,
        summary: "Public leagues, newest first; with mine=true your own",
      },
    })
    .input(
      z.strictObject({
        search: text(100).optional(),
        mine: z.boolean().optional(),
        season: season.optional(),
        ...byOffset,
      }),
    )
    .output(z.object({ items: listOf(league), total: z.number() }))
    .query(({ ctx, input }) => listLeagues(ctx, input)),

  byId: publicProcedure
    .meta({ openapi: { method: "GET", path: "/leagues/{id}", tags, summary: "One league" } })
    .input(z.strictObject({ id }))
    .output(league)
    .query(({ ctx, input }) => leagueById(ctx, input)),

  join: userProcedure
    .meta({ openapi: { method: "POST", path: "/leagues/{id}/join", tags, summary: "Enter a team in a public league" } })
    .input(z.strictObject({ id, teamId: id }))
    .output(league)
    .mutation(({ ctx, input }) => joinLeague(ctx, input)),

  joinByCode: userProcedure
    .meta({
      limit: ["code", "codeFrom"],
      openapi: {
        method: "POST",
        path: "/leagues/join",
        tags,
        summary: "Enter a team in the league that a code lets into",
      },
    })
    .input(z.strictObject({ code: text(40), teamId: id }))
    .output(league)
    .mutation(({ ctx, input }) => joinByCode(ctx, input)),

  leave: userProcedure
    .meta({ openapi: { method: "POST", path: "/leagues/{id}/leave", tags, summary: "Take your team out of a league" } })
    .input(z.strictObject({ id }))
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await leaveLeague(ctx, input);
      return {};
    }),

  members: publicProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/leagues/{id}/members",
        tags,
        summary: "Whoever has entered a team, the earliest first",
      },
    })
    .input(z.strictObject({ id, ...byOffset }))
    .output(z.object({ items: listOf(member), total: z.number() }))
    .query(({ ctx, input }) => membersOf(ctx, input)),
} satisfies TRPCRouterRecord;
