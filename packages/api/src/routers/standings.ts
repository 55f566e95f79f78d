import { aroundInLeague, leagueStandings, myLeagueStanding } from "@pitwall/services/standings/leagues";
import { aroundTeam, globalStandings, myStandings } from "@pitwall/services/standings/reading";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { withSeason } from "../current-season.ts";
import { publicProcedure, userProcedure } from "../trpc.ts";
import { byCursor, byOffset, id, revision, seasonOrCurrent, slug, text } from "../wire/fields.ts";
import { decimal, listOf, uuid } from "../wire/shapes.ts";

const tags = ["standings"];

const standing = z
  .object({
    rank: z.number(),
    teamId: uuid,
    teamName: z.string(),
    username: z.string(),
    racePoints: decimal,
    total: decimal,
    rankChange: z.number().nullable().meta({ description: "Places gained since the race before" }),
  })
  .meta({ id: "Standing" });

const page = z
  .object({
    race: z.object({ season: z.number(), slug: z.string(), revision: z.number() }).nullable(),
    items: listOf(standing),
    total: z.number(),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: "StandingsPage" });

const asOf = {
  race: slug.optional().meta({ description: "As of this race; by default after the newest result" }),
  revision: revision
    .optional()
    .meta({ description: "As this revision of the race had it; by default the current one" }),
  by: z
    .enum(["total", "race"])
    .default("total")
    .meta({ description: "By all points so far, or by those of the one race" }),
};

const each = z.int().min(1).max(50).default(5);

const cursor = text(100);

export const standingsRouter = {
  global: publicProcedure
    .meta({
      caching: "revalidated",
      isReady: true,
      openapi: {
        method: "GET",
        path: "/standings",
        tags,
        summary: "The whole game, best first, after any race and as any of its revisions had it",
      },
    })
    .input(z.strictObject({ season: seasonOrCurrent, ...asOf, ...byCursor(cursor) }))
    .output(page)
    .query(async ({ ctx, input }) => globalStandings(ctx, await withSeason(ctx, input))),

  me: userProcedure
    .meta({
      openapi: { method: "GET", path: "/standings/me", tags, summary: "Where your teams stand in the whole game" },
    })
    .input(z.strictObject({ season: seasonOrCurrent, ...asOf }))
    .output(z.object({ items: listOf(standing) }))
    .query(async ({ ctx, input }) => myStandings(ctx, await withSeason(ctx, input))),

  around: publicProcedure
    .meta({
      caching: "revalidated",
      isReady: true,
      openapi: {
        method: "GET",
        path: "/standings/around/{teamId}",
        tags,
        summary: "The teams just above and just below one team",
      },
    })
    .input(z.strictObject({ teamId: id, each, ...asOf }))
    .output(z.object({ items: listOf(standing) }))
    .query(({ ctx, input }) => aroundTeam(ctx, input)),

  league: publicProcedure
    .meta({
      caching: "revalidated",
      openapi: { method: "GET", path: "/leagues/{id}/standings", tags, summary: "A league's teams, best first" },
    })
    .input(z.strictObject({ id, ...asOf, ...byOffset, ...byCursor(cursor) }))
    .output(page)
    .query(({ ctx, input }) => leagueStandings(ctx, input)),

  leagueMe: userProcedure
    .meta({
      openapi: { method: "GET", path: "/leagues/{id}/standings/me", tags, summary: "Where you stand in a league" },
    })
    .input(z.strictObject({ id, ...asOf }))
    .output(standing)
    .query(({ ctx, input }) => myLeagueStanding(ctx, input)),

  leagueAround: publicProcedure
    .meta({
      caching: "revalidated",
      openapi: {
        method: "GET",
        path: "/leagues/{id}/standings/around/{teamId}",
        tags,
        summary: "The teams of a league just above and just below one of them",
      },
    })
    .input(z.strictObject({ id, teamId: id, each, ...asOf }))
    .output(z.object({ items: listOf(standing) }))
    .query(({ ctx, input }) => aroundInLeague(ctx, input)),
} satisfies TRPCRouterRecord;
