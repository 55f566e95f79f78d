import { jobStates, listRuns, retryRun, runJob } from "@pitwall/services/admin/jobs";
import { type JobName, jobs } from "@pitwall/services/jobs";
import { checkRace } from "@pitwall/services/results/checking";
import { feedStates, heldBody } from "@pitwall/services/results/feed";
import { rescoreRace, rescoreSeason } from "@pitwall/services/results/rescoring";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { withSeason } from "../current-season.ts";
import { adminProcedure } from "../trpc.ts";
import { byCursor, id, raceName, season, seasonOrCurrent } from "../wire/fields.ts";
import { listOf, moment, uuid } from "../wire/shapes.ts";

const tags = ["admin"];

const task = z.enum(Object.keys(jobs).filter((name): name is JobName => name in jobs));

const run = z
  .object({
    id: uuid,
    task: z.string(),
    payload: z.unknown(),
    attempt: z.number(),
    outcome: z
      .enum(["running", "done", "failed", "abandoned"])
      .meta({ description: "`abandoned`: its worker is gone, and others have taken over" }),
    error: z.string().nullable(),
    startedAt: moment,
    endedAt: moment.nullable(),
    tookMs: z.number().nullable(),
    worker: uuid,
  })
  .meta({ id: "JobRun" });

const jobState = z
  .object({
    task: z.string(),
    schedule: z.string().nullable().meta({ description: "As cron writes it, in UTC" }),
    waiting: z.number(),
    running: z.number(),
    failed: z.number().meta({ description: "How many are kept that failed for good" }),
    nextRunAt: moment.nullable(),
    lastRun: run.nullable(),
    lastFailure: run.nullable(),
    failuresInARow: z.number(),
    took: z
      .object({ mean: z.number(), most: z.number() })
      .nullable()
      .meta({ description: "Of the last hundred that were done, in milliseconds" }),
  })
  .meta({ id: "JobState" });

const worker = z
  .object({ id: uuid, host: z.string(), pid: z.number(), startedAt: moment, seenAt: moment })
  .meta({ id: "Worker" });

const queued = z
  .object({
    task: z.string(),
    payload: z.unknown(),
    workers: z.number().meta({ description: "How many there are to do it; none, and it waits" }),
  })
  .meta({ id: "Queued" });

const held = {
  id: z.number(),
  reasons: listOf(z.string()),
  firstHeldAt: moment,
  lastHeldAt: moment,
  times: z.number(),
};

const feedState = z
  .object({
    season: z.number(),
    slug: z.string(),
    name: z.string(),
    stage: z.enum([
      "cancelled",
      "waiting",
      "polling",
      "overdue",
      "held",
      "recorded",
      "checking",
      "verified",
      "watched",
    ]),
    phase: z.enum(["not_due", "polling", "overdue", "checking", "verified"]),
    revision: z.number().nullable(),
    recordedAt: moment.nullable(),
    revisions: listOf(z.object({ revision: z.number(), recordedAt: moment, source: z.string() })),
    checksPassed: z.number(),
    checksWanted: z.number(),
    nextLookAt: moment.nullable(),
    lastLook: z
      .object({
        at: moment,
        outcome: z.string(),
        reason: z.string().nullable(),
        remark: z
          .string()
          .nullable()
          .meta({ description: "What a second source said at that time, if one is asked. Nothing follows from it" }),
      })
      .nullable(),
    troubles: z
      .object({ looks: z.number(), since: moment })
      .nullable()
      .meta({ description: "The looks since the last one that could be believed" }),
    held: listOf(z.object(held)),
  })
  .meta({ id: "FeedState" });

const digests = z.object({ digestIn: z.string(), digestOut: z.string() });

const rescored = z
  .object({
    season: z.number(),
    slug: z.string(),
    revision: z.number(),
    stored: digests,
    found: digests,
    drivers: z.number(),
    lineups: z.number(),
    teams: z.number(),
    rebuilt: z.boolean(),
  })
  .meta({ id: "Rescored", description: "How many drivers, line-ups and teams had other points than they should" });

export const operationsRouter = {
  jobs: adminProcedure
    .meta({
      openapi: { method: "GET", path: "/admin/jobs", tags, summary: "How every task is doing, and who is at work" },
    })
    .output(z.object({ items: listOf(jobState), workers: listOf(worker) }))
    .query(({ ctx }) => jobStates(ctx)),

  jobRuns: adminProcedure
    .meta({ openapi: { method: "GET", path: "/admin/jobs/runs", tags, summary: "Attempts at jobs, the latest first" } })
    .input(z.strictObject({ task: task.optional(), outcome: run.shape.outcome.optional(), ...byCursor(id) }))
    .output(z.object({ items: listOf(run), nextCursor: z.string().nullable() }))
    .query(({ ctx, input }) => listRuns(ctx, input)),

  runJob: adminProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/admin/jobs/{task}",
        tags,
        summary: "Have a task done now, whatever the clock says",
      },
    })
    .input(
      z.strictObject({ task, payload: z.record(z.string(), z.unknown()).default({}) }).superRefine((asked, found) => {
        for (const { path, message } of jobs[asked.task].safeParse(asked.payload).error?.issues ?? [])
          found.addIssue({ code: "custom", path: ["payload", ...path], message });
      }),
    )
    .output(queued)
    .mutation(({ ctx, input }) => runJob(ctx, input)),

  retryRun: adminProcedure
    .meta({
      openapi: { method: "POST", path: "/admin/jobs/runs/{id}/retry", tags, summary: "Try again what has failed" },
    })
    .input(z.strictObject({ id }))
    .output(queued)
    .mutation(({ ctx, input }) => retryRun(ctx, input)),

  feed: adminProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/admin/feed",
        tags,
        summary: "Where the result of each race stands, and what was held back",
      },
    })
    .input(z.strictObject({ season: seasonOrCurrent }))
    .output(z.object({ items: listOf(feedState) }))
    .query(async ({ ctx, input }) => feedStates(ctx, await withSeason(ctx, input))),

  heldBody: adminProcedure
    .meta({
      openapi: { method: "GET", path: "/admin/feed/held/{id}", tags, summary: "An answer that was held back, whole" },
    })
    .input(z.strictObject({ id: z.int().min(1) }))
    .output(z.object({ season: z.number(), slug: z.string(), ...held, body: z.string() }))
    .query(({ ctx, input }) => heldBody(ctx, input)),

  checkRace: adminProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/admin/races/{season}/{slug}/check",
        tags,
        summary: "Have the source asked for a race, though no look is due",
      },
    })
    .input(z.strictObject(raceName))
    .output(z.object({ season: z.number(), slug: z.string(), lookAt: moment, waitsBecause: z.string().nullable() }))
    .mutation(({ ctx, input }) => checkRace(ctx, input)),

  rescoreRace: adminProcedure
    .meta({
      takesLong: true,
      openapi: {
        method: "POST",
        path: "/admin/races/{season}/{slug}/rescore",
        tags,
        summary: "Score a race again from what is stored, and put right what differs",
      },
    })
    .input(z.strictObject(raceName))
    .output(rescored)
    .mutation(({ ctx, input }) => rescoreRace(ctx, input)),

  rescoreSeason: adminProcedure
    .meta({
      takesLong: true,
      openapi: {
        method: "POST",
        path: "/admin/seasons/{season}/rescore",
        tags,
        summary: "Score every race of a season again, and put right what differs",
        description: "All of it or nothing. No result is taken in meanwhile.",
      },
    })
    .input(z.strictObject({ season }))
    .output(z.object({ items: listOf(rescored) }))
    .mutation(({ ctx, input }) => rescoreSeason(ctx, input)),
} satisfies TRPCRouterRecord;
