import { createDriver, updateDriver } from "@pitwall/services/drivers/editing";
import { entriesOf } from "@pitwall/services/drivers/entries";
import { setPrice } from "@pitwall/services/drivers/prices";
import { driverById, listDrivers } from "@pitwall/services/drivers/reading";
import { removeDriver } from "@pitwall/services/drivers/removal";
import { driverPoints } from "@pitwall/services/scores/reading";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { withSeason } from "../current-season.ts";
import { adminProcedure, publicProcedure } from "../trpc.ts";
import { driver, driverDetail, driverStatus, entry, person, price, raceEntry } from "../wire/drivers.ts";
import { byOffset, raceName, season, seasonOrCurrent, sourceId, text, version } from "../wire/fields.ts";
import { scoreLine } from "../wire/scores.ts";
import { decimal, listOf, moment, nothing } from "../wire/shapes.ts";

const tags = ["drivers"];

export const driversRouter = {
  list: publicProcedure
    .meta({
      caching: "revalidated",
      isReady: true,
      openapi: {
        method: "GET",
        path: "/drivers",
        tags,
        summary: "A season's drivers with car, price, points and statistics, the best first",
        // Every JavaScript object has a "constructor" of its own, so in procedures it needs another name.
        names: { constructor: "constructorId" },
      },
    })
    .input(
      z.strictObject({
        season: seasonOrCurrent,
        search: text(100).optional(),
        constructorId: sourceId.optional(),
        status: driverStatus.optional(),
        sort: z.enum(["points", "price", "name", "average", "number"]).optional(),
        order: z.enum(["asc", "desc"]).optional(),
        ...byOffset,
      }),
    )
    .output(z.object({ items: listOf(driver), total: z.number() }))
    .query(async ({ ctx, input }) => listDrivers(ctx, await withSeason(ctx, input))),

  byId: publicProcedure
    .meta({
      caching: "revalidated",
      isReady: true,
      openapi: {
        method: "GET",
        path: "/drivers/{driver}",
        tags,
        summary: "One driver with the statistics and prices of a season",
      },
    })
    .input(z.strictObject({ driver: sourceId, season: seasonOrCurrent }))
    .output(driverDetail)
    .query(async ({ ctx, input: { driver: id, ...asked } }) =>
      driverById(ctx, await withSeason(ctx, { id, ...asked })),
    ),

  points: publicProcedure
    .meta({
      caching: "revalidated",
      isReady: true,
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

  entries: publicProcedure
    .meta({
      caching: "revalidated",
      isReady: true,
      openapi: {
        method: "GET",
        path: "/races/{season}/{slug}/entries",
        tags,
        summary: "Who is entered in a race, in which car, and at what price",
      },
    })
    .input(z.strictObject(raceName))
    .output(z.object({ season: z.number(), slug: z.string(), items: listOf(raceEntry) }))
    .query(({ ctx, input }) => entriesOf(ctx, input)),

  create: adminProcedure
    .meta({
      creates: true,
      openapi: {
        method: "POST",
        path: "/drivers",
        tags,
        summary: "Make a driver known, and enter him or her in every race of a season that has not locked",
      },
    })
    .input(z.strictObject({ id: sourceId, ...person, entry: z.strictObject({ ...entry, price }).optional() }))
    .output(driverDetail)
    .mutation(async ({ ctx, input }) => {
      const shown = await withSeason(ctx, { id: input.id, season: input.entry?.season });
      await createDriver(ctx, input);
      return driverById(ctx, shown);
    }),

  update: adminProcedure
    .meta({
      openapi: {
        method: "PATCH",
        path: "/drivers/{driver}",
        tags,
        summary: "Change what is known of a driver, or the car from the next race on that has not locked",
        description:
          "Line-ups that were saved stand. `withdrawFrom` takes the driver off the entry lists of that season's races that have not locked. What was changed here, neither the source nor a newer release changes again.",
      },
    })
    .input(
      z
        .strictObject({
          driver: sourceId,
          version: version.optional(),
          ...person,
          givenName: person.givenName.optional(),
          familyName: person.familyName.optional(),
          entry: z.strictObject(entry).optional(),
          withdrawFrom: season.optional(),
        })
        .refine(({ entry: car, withdrawFrom }) => car === undefined || withdrawFrom === undefined, {
          path: ["withdrawFrom"],
          message: "Enter a driver or withdraw one, not both",
        }),
    )
    .output(driverDetail)
    .mutation(async ({ ctx, input: { driver: id, ...change } }) => {
      const shown = await withSeason(ctx, { id, season: change.entry?.season ?? change.withdrawFrom });
      await updateDriver(ctx, { id, ...change });
      return driverById(ctx, shown);
    }),

  remove: adminProcedure
    .meta({
      openapi: {
        method: "DELETE",
        path: "/drivers/{driver}",
        tags,
        summary: "Remove a driver whom no locked race, classification or line-up names",
        description: "Whom the source or a release lists comes back with it: withdraw such a driver instead.",
      },
    })
    .input(z.strictObject({ driver: sourceId, version: version.optional() }))
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await removeDriver(ctx, { id: input.driver, version: input.version });
      return {};
    }),

  setPrice: adminProcedure
    .meta({
      openapi: {
        method: "PUT",
        path: "/drivers/{driver}/price",
        tags,
        summary: "Set a driver's price from now on; line-ups that were saved stand",
      },
    })
    .input(z.strictObject({ driver: sourceId, season: seasonOrCurrent, price, version: version.optional() }))
    .output(z.object({ id: z.string(), season: z.number(), price: decimal, since: moment }))
    .mutation(async ({ ctx, input: { driver: id, ...wanted } }) =>
      setPrice(ctx, await withSeason(ctx, { id, ...wanted })),
    ),
} satisfies TRPCRouterRecord;
