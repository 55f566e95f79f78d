import { classificationOf, revisionsOf } from "@pitwall/services/results/reading";
import { raceScores } from "@pitwall/services/scores/reading";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { publicProcedure } from "../trpc.ts";
import { raceName, revision } from "../wire/fields.ts";
import { SESSIONS, scoreLine } from "../wire/scores.ts";
import { decimal, listOf, moment } from "../wire/shapes.ts";

const tags = ["results"];

const car = z
  .object({
    driverId: z.string(),
    constructorId: z.string(),
    number: z.number(),
    position: z.number(),
    finish: z.enum(["classified", "not_classified", "not_started", "disqualified"]),
    grid: z.number().nullable(),
    laps: z.number(),
    points: decimal,
    fastestLap: z.boolean(),
  })
  .meta({ id: "ClassifiedCar" });

const classification = z
  .object({
    season: z.number(),
    slug: z.string(),
    revision: z.number(),
    isCurrent: z.boolean(),
    source: z.string(),
    digest: z.string(),
    recordedAt: moment,
    sessions: listOf(z.object({ session: z.enum(SESSIONS), cars: listOf(car) })),
  })
  .meta({ id: "Classification" });

const change = z
  .object({
    driverId: z.string(),
    session: z.enum(SESSIONS),
    field: z.enum(["listed", "finish", "position", "fastestLap"]),
    from: z.string().nullable(),
    to: z.string().nullable(),
  })
  .meta({ id: "CarChange" });

const revisionShape = z
  .object({ revision: z.number(), recordedAt: moment, source: z.string(), digest: z.string(), diff: listOf(change) })
  .meta({ id: "Revision" });

const driverScore = z
  .object({ driverId: z.string(), points: decimal, lines: listOf(scoreLine) })
  .meta({ id: "DriverScore" });

export const resultsRouter = {
  current: publicProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/races/{season}/{slug}/results",
        tags,
        summary: "A race's classification, current or of any revision",
      },
    })
    .input(z.strictObject({ ...raceName, revision: revision.optional() }))
    .output(classification)
    .query(({ ctx, input }) => classificationOf(ctx, input)),

  revisions: publicProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/races/{season}/{slug}/revisions",
        tags,
        summary: "Every revision of a race and what it changed",
      },
    })
    .input(z.strictObject(raceName))
    .output(z.object({ items: listOf(revisionShape) }))
    .query(({ ctx, input }) => revisionsOf(ctx, input)),

  scores: publicProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/races/{season}/{slug}/scores",
        tags,
        summary: "What every driver earned in a race, and by which rule",
      },
    })
    .input(z.strictObject(raceName))
    .output(z.object({ season: z.number(), slug: z.string(), revision: z.number(), items: listOf(driverScore) }))
    .query(({ ctx, input }) => raceScores(ctx, input)),
} satisfies TRPCRouterRecord;
