import { bansOf, liftBan } from "@pitwall/services/leagues/bans";
import { createLeague, joinByCode, joinLeague, leaveLeague } from "@pitwall/services/leagues/membership";
import { removeMember, setRole, transferLeague } from "@pitwall/services/leagues/people";
import { leagueById, listLeagues, membersOf } from "@pitwall/services/leagues/reading";
import { removeLeague, renewCode, updateLeague } from "@pitwall/services/leagues/ruling";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { publicProcedure, userProcedure } from "../trpc.ts";
import { byOffset, id, season, text, version } from "../wire/fields.ts";
import { ban, description, league, leagueName, member, place, seats } from "../wire/leagues.ts";
import { listOf, nothing } from "../wire/shapes.ts";

const tags = ["leagues"];

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
        name: leagueName,
        description: description.optional(),
        isPrivate: z.boolean().default(true),
        seats: seats.default(20),
        teamId: id.optional().meta({ description: "The team that you enter at once" }),
      }),
    )
    .output(league)
    .mutation(({ ctx, input }) => createLeague(ctx, input)),

  list: publicProcedure
    .meta({
      caching: "revalidated",
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
    .meta({ caching: "revalidated", openapi: { method: "GET", path: "/leagues/{id}", tags, summary: "One league" } })
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
      caching: "revalidated",
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

  update: userProcedure
    .meta({
      openapi: {
        method: "PATCH",
        path: "/leagues/{id}",
        tags,
        summary: "Change a league: its owner anything, its managers the description",
      },
    })
    .input(
      z.strictObject({
        id,
        version: version.optional(),
        name: leagueName.optional(),
        description: description.optional(),
        isPrivate: z.boolean().optional(),
        seats: seats.optional(),
      }),
    )
    .output(league)
    .mutation(({ ctx, input }) => updateLeague(ctx, input)),

  remove: userProcedure
    .meta({ openapi: { method: "DELETE", path: "/leagues/{id}", tags, summary: "Close your league for good" } })
    .input(z.strictObject({ id, version: version.optional() }))
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await removeLeague(ctx, input);
      return {};
    }),

  renewCode: userProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/leagues/{id}/code",
        tags,
        summary: "Replace your league's code; the old one opens nothing from then on",
      },
    })
    .input(z.strictObject({ id, version: version.optional() }))
    .output(league)
    .mutation(({ ctx, input }) => renewCode(ctx, input)),

  transfer: userProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/leagues/{id}/transfer",
        tags,
        summary: "Hand your league over to one of its members, and stay as a manager",
      },
    })
    .input(place.extend({ version: version.optional() }))
    .output(league)
    .mutation(({ ctx, input }) => transferLeague(ctx, input)),

  setRole: userProcedure
    .meta({
      openapi: {
        method: "PATCH",
        path: "/leagues/{id}/members/{userId}",
        tags,
        summary: "Make somebody in your league a manager, or a member again",
      },
    })
    .input(place.extend({ role: z.enum(["manager", "member"]) }))
    .output(member)
    .mutation(({ ctx, input }) => setRole(ctx, input)),

  removeMember: userProcedure
    .meta({
      openapi: {
        method: "DELETE",
        path: "/leagues/{id}/members/{userId}",
        tags,
        summary: "Take somebody's team out of a league that you manage",
      },
    })
    .input(
      place.extend({
        ban: z.boolean().default(true).meta({ description: "They may not come back until the ban is lifted" }),
      }),
    )
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await removeMember(ctx, input);
      return {};
    }),

  bans: userProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/leagues/{id}/bans",
        tags,
        summary: "Who may not come back into a league that you manage",
      },
    })
    .input(z.strictObject({ id, ...byOffset }))
    .output(z.object({ items: listOf(ban), total: z.number() }))
    .query(({ ctx, input }) => bansOf(ctx, input)),

  lift: userProcedure
    .meta({
      openapi: {
        method: "DELETE",
        path: "/leagues/{id}/bans/{userId}",
        tags,
        summary: "Let somebody come back into a league that you manage",
      },
    })
    .input(place)
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await liftBan(ctx, input);
      return {};
    }),
} satisfies TRPCRouterRecord;
