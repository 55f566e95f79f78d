import { driverById, listDrivers } from "@pitwall/services/drivers";
import { driverPoints } from "@pitwall/services/scores/reading";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { withSeason } from "../current-season.ts";
import { publicProcedure } from "../trpc.ts";
import { seasonOrCurrent, sourceId, text } from "../wire/fields.ts";
import { scoreLine } from "../wire/scores.ts";
import { decimal, listOf } from "../wire/shapes.ts";

const tags = ["drivers"];

const status = z.enum(["entered", "absent"]);

const driver = z
  .object({
    id: z.string(),
    code: z.string().nullable(),
    name: z.string(),
    nationality: z.string().nullable(),
    number: z.number(),
    constructorId: z.string(),
    status,
    price: decimal,
    points: decimal,
  })
  .meta({ id: "Driver" });

export const driversRouter = {
  list: publicProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/drivers",
        tags,
        summary: "A season's drivers with car, price and points",
        // Every JavaScript object has a "constructor" of its own, so in procedures it needs another name.
        names: { constructor: "constructorId" },
      },
    })
    .input(
      z.strictObject({
        season: seasonOrCurrent,
        search: text(100).optional(),
        constructorId: sourceId.optional(),
        status: status.optional(),
        sort: z.enum(["points", "price", "name"]).optional(),
        order: z.enum(["asc", "desc"]).optional(),
      }),
    )
    .output(z.object({ items: listOf(driver), total: z.number() }))
    .query(async ({ ctx, input }) => listDrivers(ctx, await withSeason(ctx, input))),

  byId: publicProcedure
    .meta({ openapi: { method: "GET", path: "/drivers/{driver}", tags, summary: "One driver in a season" } })
    .input(z.strictObject({ driver: sourceId, season: seasonOrCurrent }))
    .output(driver)
    .query(async ({ ctx, input: { driver: id, ...asked } }) =>
      driverById(ctx, await withSeason(ctx, { id, ...asked })),
    ),

  points: publicProcedure
    .meta({
      openapi: { method: "GET", path: "/drivers/{driver}/points", tags, summary: "What a driver earned race by race" },
    })
    .input(z.strictObject({ driver: sourceId, season: seasonOrCurrent }))
    .output(
      z.object({
        items: listOf(
          z.object({
            season: z.number(),
            slug: z.string(),
            revision: z.number(),
            points: decimal,
            lines: listOf(scoreLine),
          }),
        ),
        points: decimal,
      }),
    )
    .query(async ({ ctx, input: { driver: driverId, ...asked } }) =>
      driverPoints(ctx, await withSeason(ctx, { driverId, ...asked })),
    ),
} satisfies TRPCRouterRecord;
