import { feedStates } from "@pitwall/services/results/reading";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { withSeason } from "../current-season.ts";
import { adminProcedure } from "../trpc.ts";
import { seasonOrCurrent } from "../wire/fields.ts";
import { listOf, moment } from "../wire/shapes.ts";

const tags = ["admin"];

const feedState = z
  .object({
    season: z.number(),
    slug: z.string(),
    phase: z.enum(["not_due", "polling", "overdue", "checking", "verified"]),
    revision: z.number().nullable(),
    checksPassed: z.number(),
    nextLookAt: moment.nullable(),
    lastLook: z.object({ at: moment, outcome: z.string(), reason: z.string().nullable() }).nullable(),
    held: listOf(z.object({ reasons: listOf(z.string()), lastHeldAt: moment, times: z.number() })),
  })
  .meta({ id: "FeedState" });

export const adminRouter = {
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
} satisfies TRPCRouterRecord;
