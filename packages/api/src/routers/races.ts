import { listRaces, nextRace, raceBySlug } from "@pitwall/services/races";
import { createRace, removeRace, updateRace } from "@pitwall/services/races/editing";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { withSeason } from "../current-season.ts";
import { adminProcedure, publicProcedure } from "../trpc.ts";
import { byOffset, name, raceName, season, seasonOrCurrent, slug, sourceId, text, version } from "../wire/fields.ts";
import { listOf, moment, nothing } from "../wire/shapes.ts";

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
    version: z.number(),
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

const raceDetail = race
  .extend({
    changes: listOf(
      z.object({
        at: moment,
        source: z.string(),
        field: z.string().meta({ description: "A session, or added, round, name, circuit or cancelled" }),
        from: z.string().nullable(),
        to: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: "RaceDetail" });

const circuit = z.strictObject({
  id: sourceId,
  name: name(1, 100).optional(),
  locality: name(1, 100).optional(),
  country: name(1, 100).optional(),
});

const round = z.int().min(1).max(99);

const startAt = z.iso
  .datetime({ offset: true })
  .transform((moment) => new Date(moment))
  .meta({ format: "date-time" });

const startOrNone = startAt.nullable().optional();

export const racesRouter = {
  list: publicProcedure
    .meta({
      caching: "revalidated",
      isReady: true,
      openapi: { method: "GET", path: "/races", tags, summary: "A season's races in the order in which they start" },
    })
    .input(
      z.strictObject({
        season: seasonOrCurrent,
        status: z.enum(STATUSES).optional(),
        search: text(100).optional(),
        sprint: z.boolean().optional(),
        ...byOffset,
      }),
    )
    .output(z.object({ items: listOf(race), total: z.number() }))
    .query(async ({ ctx, input }) => listRaces(ctx, await withSeason(ctx, input))),

  next: publicProcedure
    .meta({
      caching: "revalidated",
      isReady: true,
      openapi: { method: "GET", path: "/races/next", tags, summary: "The next race that is open for line-ups" },
    })
    .input(z.strictObject({ season: seasonOrCurrent }))
    .output(raceDetail)
    .query(async ({ ctx, input }) => nextRace(ctx, await withSeason(ctx, input))),

  bySlug: publicProcedure
    .meta({
      caching: "revalidated",
      isReady: true,
      openapi: { method: "GET", path: "/races/{season}/{slug}", tags, summary: "One race with all its sessions" },
    })
    .input(z.strictObject(raceName))
    .output(raceDetail)
    .query(({ ctx, input }) => raceBySlug(ctx, input)),

  create: adminProcedure
    .meta({
      takesLong: true,
      creates: true,
      openapi: {
        method: "POST",
        path: "/races",
        tags,
        summary: "Add a race to a season",
        description: "It takes over the entry list of the next open race. A circuit that is known needs its id alone.",
      },
    })
    .input(
      z.strictObject({
        season,
        slug: slug.optional(),
        name: name(3, 100),
        round,
        circuit,
        sessions: z.strictObject({
          fp1: startAt.optional(),
          fp2: startAt.optional(),
          fp3: startAt.optional(),
          sprint_qualifying: startAt.optional(),
          sprint: startAt.optional(),
          qualifying: startAt.optional(),
          race: startAt,
        }),
      }),
    )
    .output(raceDetail)
    .mutation(async ({ ctx, input }) => raceBySlug(ctx, await createRace(ctx, input))),

  update: adminProcedure
    .meta({
      takesLong: true,
      openapi: {
        method: "PATCH",
        path: "/races/{season}/{slug}",
        tags,
        summary: "Change a race, cancel it or reinstate it; its slug stays",
        description:
          "Sessions that are named are set, or taken away by null. With a version, the edit is refused if the race has changed since.",
      },
    })
    .input(
      z.strictObject({
        ...raceName,
        version: version.optional(),
        name: name(3, 100).optional(),
        round: round.optional(),
        circuit: circuit.optional(),
        sessions: z
          .strictObject({
            fp1: startOrNone,
            fp2: startOrNone,
            fp3: startOrNone,
            sprint_qualifying: startOrNone,
            sprint: startOrNone,
            qualifying: startOrNone,
            race: startAt.optional(),
          })
          .optional(),
        cancelled: z.boolean().optional(),
      }),
    )
    .output(raceDetail)
    .mutation(async ({ ctx, input }) => {
      await updateRace(ctx, input);
      return raceBySlug(ctx, input);
    }),

  remove: adminProcedure
    .meta({
      openapi: {
        method: "DELETE",
        path: "/races/{season}/{slug}",
        tags,
        summary: "Remove a race that nobody has played",
      },
    })
    .input(z.strictObject({ ...raceName, version: version.optional() }))
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await removeRace(ctx, input);
      return {};
    }),
} satisfies TRPCRouterRecord;
