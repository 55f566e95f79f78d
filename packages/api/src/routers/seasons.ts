import { listRuleSets, listSeasons, rulesOf, seasonByYear } from "@pitwall/services/seasons/reading";
import { setRules } from "@pitwall/services/seasons/rules";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { adminProcedure, publicProcedure } from "../trpc.ts";
import { season } from "../wire/fields.ts";
import { decimal, listOf } from "../wire/shapes.ts";

const tags = ["seasons"];

const seasonShape = z
  .object({
    year: z.number(),
    ruleSet: z.string(),
    attribution: z.string(),
    races: z.number(),
    completed: z.number(),
  })
  .meta({ id: "Season" });

const fastestLap = z.object({
  points: decimal,
  withinTop: z.number().optional().meta({ description: "Left out where it pays in whatever place" }),
});
const places = z
  .object({ gained: decimal, lost: decimal })
  .meta({ description: "For each place between the start and the finish of a classified car" });
const penalties = z.object({ notClassified: decimal, disqualified: decimal });

const rules = z
  .object({
    id: z.string(),
    name: z.string(),
    version: z.number(),
    racePoints: listOf(decimal).meta({ description: "For the first place, the second …" }),
    fastestLap,
    racePlaces: places.optional(),
    racePenalties: penalties.optional(),
    sprint: z
      .object({ points: listOf(decimal), fastestLap, places, penalties })
      .optional()
      .meta({ description: "Left out where the sprint does not score" }),
    qualifying: z
      .object({ points: listOf(decimal), penalties })
      .optional()
      .meta({ description: "Left out where qualifying does not score" }),
    captainMultiplier: decimal,
    lineup: z.object({ size: z.number(), budget: decimal, perConstructor: z.number() }),
    digest: z.string(),
  })
  .meta({ id: "Ruleset" });

export const seasonsRouter = {
  list: publicProcedure
    .meta({
      caching: "revalidated",
      isReady: true,
      openapi: { method: "GET", path: "/seasons", tags, summary: "All seasons, newest first" },
    })
    .output(z.object({ items: listOf(seasonShape) }))
    .query(({ ctx }) => listSeasons(ctx)),

  byYear: publicProcedure
    .meta({
      caching: "revalidated",
      isReady: true,
      openapi: { method: "GET", path: "/seasons/{season}", tags, summary: "One season" },
    })
    .input(z.strictObject({ season }))
    .output(seasonShape)
    .query(({ ctx, input }) => seasonByYear(ctx, input)),

  rules: publicProcedure
    .meta({
      caching: "minute",
      isReady: true,
      openapi: { method: "GET", path: "/seasons/{season}/rules", tags, summary: "Every figure of a season's game" },
    })
    .input(z.strictObject({ season }))
    .output(rules)
    .query(({ ctx, input }) => rulesOf(ctx, input)),

  setRules: adminProcedure
    .meta({
      openapi: {
        method: "PUT",
        path: "/seasons/{season}/rules",
        tags,
        summary: "Choose the rules of a season, before its first race locks",
      },
    })
    .input(z.strictObject({ season, ruleSet: z.string().regex(/^[a-z0-9-]{1,64}$/) }))
    .output(rules)
    .mutation(({ ctx, input }) => setRules(ctx, input)),

  ruleSets: publicProcedure
    .meta({
      caching: "minute",
      isReady: true,
      openapi: {
        method: "GET",
        path: "/rule-sets",
        tags,
        summary: "Every rule set that a season can be played under, with all its figures",
      },
    })
    .output(z.object({ items: listOf(rules) }))
    .query(() => listRuleSets()),
} satisfies TRPCRouterRecord;
