import { listConstructors } from "@pitwall/services/constructors";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { withSeason } from "../current-season.ts";
import { publicProcedure } from "../trpc.ts";
import { seasonOrCurrent } from "../wire/fields.ts";
import { decimal, listOf } from "../wire/shapes.ts";

const constructor = z
  .object({
    id: z.string(),
    name: z.string(),
    nationality: z.string(),
    points: decimal,
    rank: z.number(),
    drivers: listOf(z.object({ driverId: z.string(), points: decimal })),
  })
  .meta({ id: "Constructor" });

export const constructorsRouter = {
  list: publicProcedure
    .meta({
      caching: "revalidated",
      isReady: true,
      openapi: {
        method: "GET",
        path: "/constructors",
        tags: ["drivers"],
        summary: "The constructors entered in a season",
      },
    })
    .input(z.strictObject({ season: seasonOrCurrent }))
    .output(z.object({ items: listOf(constructor) }))
    .query(async ({ ctx, input }) => listConstructors(ctx, await withSeason(ctx, input))),
} satisfies TRPCRouterRecord;
