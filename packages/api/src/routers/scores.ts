import { ledgerOf, teamScores } from "@pitwall/services/scores/reading";
import { bestLineupOf, simulateLineup } from "@pitwall/services/scores/what-if";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { publicProcedure } from "../trpc.ts";
import { id, raceName, revision } from "../wire/fields.ts";
import { chosen, lineupFault } from "../wire/lineups.ts";
import { ledgerLine } from "../wire/scores.ts";
import { decimal, listOf, moment, uuid } from "../wire/shapes.ts";

const tags = ["scores"];

const teamScore = z
  .object({ season: z.number(), slug: z.string(), points: decimal, total: decimal, rank: z.number() })
  .meta({ id: "TeamScore" });

const ledger = z
  .object({
    teamId: uuid,
    season: z.number(),
    slug: z.string(),
    revision: z.number(),
    points: decimal,
    lines: listOf(ledgerLine),
    run: z.object({ ruleSet: z.string(), digestIn: z.string(), digestOut: z.string(), scoredAt: moment }),
  })
  .meta({ id: "Ledger" });

const scoredLineup = z
  .object({
    season: z.number(),
    slug: z.string(),
    revision: z.number(),
    driverIds: listOf(z.string()),
    captainId: z.string(),
    points: decimal,
    lines: listOf(ledgerLine),
    cost: decimal.meta({ description: "At the prices in force when the race locked" }),
    budget: decimal,
    remaining: decimal,
  })
  .meta({ id: "ScoredLineup" });

const simulation = scoredLineup
  .extend({
    faults: listOf(lineupFault).meta({
      description: "Why it could not have been fielded; it is scored all the same",
    }),
  })
  .meta({ id: "Simulation" });

export const scoresRouter = {
  byTeam: publicProcedure
    .meta({
      caching: "revalidated",
      isReady: true,
      openapi: { method: "GET", path: "/teams/{id}/scores", tags, summary: "A team's points race by race" },
    })
    .input(z.strictObject({ id }))
    .output(z.object({ items: listOf(teamScore) }))
    .query(({ ctx, input }) => teamScores(ctx, { teamId: input.id })),

  ledger: publicProcedure
    .meta({
      caching: "revalidated",
      isReady: true,
      openapi: {
        method: "GET",
        path: "/teams/{id}/scores/{season}/{slug}",
        tags,
        summary: "A team's score in a race, explained line by line",
      },
    })
    .input(z.strictObject({ id, ...raceName, revision: revision.optional() }))
    .output(ledger)
    .query(({ ctx, input: { id: teamId, ...race } }) => ledgerOf(ctx, { teamId, ...race })),

  simulate: publicProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/scores/simulate",
        tags,
        summary: "What any line-up would have scored in a race, explained line by line",
      },
    })
    .input(z.strictObject({ ...raceName, ...chosen, revision: revision.optional() }))
    .output(simulation)
    .query(({ ctx, input }) => simulateLineup(ctx, input)),

  best: publicProcedure
    .meta({
      caching: "revalidated",
      isReady: true,
      openapi: {
        method: "GET",
        path: "/races/{season}/{slug}/best-lineup",
        tags,
        summary: "The line-up within the rules that would have scored the most in a race",
      },
    })
    .input(z.strictObject({ ...raceName, revision: revision.optional() }))
    .output(scoredLineup)
    .query(({ ctx, input }) => bestLineupOf(ctx, input)),
} satisfies TRPCRouterRecord;
