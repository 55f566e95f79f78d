import { enterResult } from "@pitwall/services/results/entering";
import { correctionPolicy } from "@pitwall/services/results/policy";
import { classificationOf, revisionsOf } from "@pitwall/services/results/reading";
import { raceScores } from "@pitwall/services/scores/reading";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { adminProcedure, publicProcedure } from "../trpc.ts";
import { raceName, revision, sourceId, text } from "../wire/fields.ts";
import { SESSIONS, scoreLine } from "../wire/scores.ts";
import { decimal, listOf, moment } from "../wire/shapes.ts";

const tags = ["results"];

const finish = z.enum(["classified", "not_classified", "not_started", "disqualified"]);

const car = z
  .object({
    driverId: z.string(),
    constructorId: z.string(),
    number: z.number(),
    position: z.number(),
    finish,
    grid: z.number().nullable(),
    laps: z.number(),
    points: decimal,
    fastestLap: z.boolean(),
  })
  .meta({ id: "ClassifiedCar" });

/** Goes on as the tenths that they are. */
const points = z
  .number()
  .min(0)
  .max(100)
  .multipleOf(0.1)
  .overwrite((published) => Math.round(published * 10))
  .meta({ description: "With at most one decimal" })
  .optional();

const enteredCar = z.strictObject({
  driverId: sourceId,
  constructorId: sourceId.optional(),
  number: z.int().min(0).max(999).optional(),
  position: z.int().min(1).max(99).optional(),
  finish: finish.optional(),
  grid: z.int().min(0).max(99).nullable().optional(),
  laps: z.int().min(0).max(200).optional(),
  points,
  fastestLap: z.boolean().optional(),
});

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
    field: z.enum(["listed", "finish", "position", "fastestLap", "grid"]),
    from: z.string().nullable(),
    to: z.string().nullable(),
  })
  .meta({ id: "CarChange" });

const revisionShape = z
  .object({
    revision: z.number(),
    recordedAt: moment,
    source: z.string(),
    digest: z.string(),
    diff: listOf(change),
    teamsAffected: z.int().nullable(),
  })
  .meta({ id: "Revision" });

const driverScore = z
  .object({ driverId: z.string(), points: decimal, lines: listOf(scoreLine) })
  .meta({ id: "DriverScore" });

const policy = z
  .object({
    schedule: z.object({
      pollEveryHours: z.number(),
      alertAfterHours: z.number(),
      checkAfterHours: listOf(z.number()),
      watchDailyForDays: z.number(),
      watchEveryDaysAfterwards: z.number(),
      watchUntilDaysAfterSeason: z.number(),
    }),
    sections: listOf(z.object({ id: z.string(), title: z.string(), text: listOf(z.string()) })),
  })
  .meta({ id: "CorrectionPolicy" });

export const resultsRouter = {
  policy: publicProcedure
    .meta({
      caching: "minute",
      isReady: true,
      openapi: {
        method: "GET",
        path: "/policy/corrections",
        tags,
        summary: "How long results are watched, what a correction changes, and whom it is told",
      },
    })
    .output(policy)
    .query(() => correctionPolicy()),

  current: publicProcedure
    .meta({
      caching: "revalidated",
      isReady: true,
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

  enter: adminProcedure
    .meta({
      takesLong: true,
      openapi: {
        method: "PUT",
        path: "/races/{season}/{slug}/results",
        tags,
        summary: "Record or replace a race's classification by hand",
        description:
          "Validated and announced like a fetched one. It stands as long as the source says what it said before. Of a car only the driver and the laps are needed where entry list, order and official points say the rest.",
      },
    })
    .input(
      z.strictObject({
        ...raceName,
        sessions: z
          .array(z.strictObject({ session: z.enum(SESSIONS), cars: z.array(enteredCar).max(60) }))
          .min(1)
          .max(3)
          .refine((sessions) => new Set(sessions.map(({ session }) => session)).size === sessions.length, {
            message: "Name each session once",
          }),
        note: text(500).optional(),
      }),
    )
    .output(
      z.object({
        season: z.number(),
        slug: z.string(),
        outcome: z.enum(["recorded", "corrected", "unchanged"]),
        revision: z.number(),
      }),
    )
    .mutation(({ ctx, input }) => enterResult(ctx, input)),

  revisions: publicProcedure
    .meta({
      caching: "revalidated",
      isReady: true,
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
      caching: "revalidated",
      isReady: true,
      openapi: {
        method: "GET",
        path: "/races/{season}/{slug}/scores",
        tags,
        summary: "What every driver earned in a race, and by which rule",
      },
    })
    .input(z.strictObject({ ...raceName, revision: revision.optional() }))
    .output(z.object({ season: z.number(), slug: z.string(), revision: z.number(), items: listOf(driverScore) }))
    .query(({ ctx, input }) => raceScores(ctx, input)),
} satisfies TRPCRouterRecord;
