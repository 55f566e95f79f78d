import { leagueStandings, myLeagueStanding } from "@pitwall/services/standings/leagues";
import { aroundTeam, globalStandings, myStandings } from "@pitwall/services/standings/reading";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { withSeason } from "../current-season.ts";
import { publicProcedure, userProcedure } from "../trpc.ts";
import { byCursor, byOffset, id, seasonOrCurrent, slug, text } from "../wire/fields.ts";
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

export const standingsRouter = {
  global: publicProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/standings",
        tags,
        summary: "The whole game, best first, after the newest result or after a race",
      },
    })
    .input(z.strictObject({ season: seasonOrCurrent, race: slug.optional(), ...byCursor(text(100)) }))
    .output(page)
    .query(async ({ ctx, input }) => globalStandings(ctx, await withSeason(ctx, input))),

  me: userProcedure
    .meta({
      openapi: { method: "GET", path: "/standings/me", tags, summary: "Where your teams stand in the whole game" },
    })
    .input(z.strictObject({ season: seasonOrCurrent }))
    .output(z.object({ items: listOf(standing) }))
    .query(async ({ ctx, input }) => myStandings(ctx, await withSeason(ctx, input))),

  around: publicProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/standings/around/{teamId}",
        tags,
        summary: "The teams just above and just below one team",
      },
    })
    .input(z.strictObject({ teamId: id, each: z.int().min(1).max(50).default(5) }))
    .output(z.object({ items: listOf(standing) }))
    .query(({ ctx, input }) => aroundTeam(ctx, input)),

  league: publicProcedure
    .meta({
      openapi: { method: "GET", path: "/leagues/{id}/standings", tags, summary: "A league's teams, best first" },
    })
    .input(z.strictObject({ id, race: slug.optional(), ...byOffset }))
    .output(page)
    .query(({ ctx, input }) => leagueStandings(ctx, input)),

  leagueMe: userProcedure
    .meta({
      openapi: { method: "GET", path: "/leagues/{id}/standings/me", tags, summary: "Where you stand in a league" },
    })
    .input(z.strictObject({ id }))
    .output(standing)
    .query(({ ctx, input }) => myLeagueStanding(ctx, input)),
} satisfies TRPCRouterRecord;
