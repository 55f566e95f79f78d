import { ledgerOf, teamScores } from "@pitwall/services/scores/reading";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { publicProcedure } from "../trpc.ts";
import { id, raceName, revision } from "../wire/fields.ts";
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

export const scoresRouter = {
  byTeam: publicProcedure
    .meta({ openapi: { method: "GET", path: "/teams/{id}/scores", tags, summary: "A team's points race by race" } })
    .input(z.strictObject({ id }))
    .output(z.object({ items: listOf(teamScore) }))
    .query(({ ctx, input }) => teamScores(ctx, { teamId: input.id })),

  ledger: publicProcedure
    .meta({
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
} satisfies TRPCRouterRecord;
