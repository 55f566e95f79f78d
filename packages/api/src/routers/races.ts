import { listRaces, nextRace, raceBySlug } from "@pitwall/services/races";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { withSeason } from "../current-season.ts";
import { publicProcedure } from "../trpc.ts";
import { raceName, seasonOrCurrent } from "../wire/fields.ts";
import { listOf, moment } from "../wire/shapes.ts";

const tags = ["races"];

const STATUSES = ["upcoming", "locked", "awaiting_result", "completed", "cancelled"] as const;

const startOf = z.string().meta({ format: "date-time" }).optional();

const race = z
  .object({
    season: z.number(),
    slug: z.string(),
    round: z.number(),
    name: z.string(),
    circuit: z.object({ id: z.string(), name: z.string(), locality: z.string(), country: z.string() }),
    sessions: z.object({
      fp1: startOf,
      fp2: startOf,
      fp3: startOf,
      sprint_qualifying: startOf,
      sprint: startOf,
      qualifying: startOf,
      race: startOf,
    }),
    startsAt: moment,
    lockAt: moment,
    status: z.enum(STATUSES),
    result: z.object({
      phase: z.enum(["not_due", "polling", "overdue", "checking", "verified"]),
      revision: z.number().nullable(),
      recordedAt: moment.nullable(),
      checksPassed: z.number(),
      nextLookAt: moment.nullable(),
      waitsBecause: z.string().nullable(),
    }),
  })
  .meta({ id: "Race" });

export const racesRouter = {
  list: publicProcedure
    .meta({
      openapi: { method: "GET", path: "/races", tags, summary: "A season's races in the order in which they start" },
    })
    .input(z.strictObject({ season: seasonOrCurrent, status: z.enum(STATUSES).optional() }))
    .output(z.object({ items: listOf(race), total: z.number() }))
    .query(async ({ ctx, input }) => listRaces(ctx, await withSeason(ctx, input))),

  next: publicProcedure
    .meta({ openapi: { method: "GET", path: "/races/next", tags, summary: "The next race that is open for line-ups" } })
    .input(z.strictObject({ season: seasonOrCurrent }))
    .output(race)
    .query(async ({ ctx, input }) => nextRace(ctx, await withSeason(ctx, input))),

  bySlug: publicProcedure
    .meta({
      openapi: { method: "GET", path: "/races/{season}/{slug}", tags, summary: "One race with all its sessions" },
    })
    .input(z.strictObject(raceName))
    .output(race)
    .query(({ ctx, input }) => raceBySlug(ctx, input)),
} satisfies TRPCRouterRecord;
