import { auditTrail } from "@pitwall/services/admin/audit";
import { changeUser, listUsers } from "@pitwall/services/admin/users";
import { syncsOf } from "@pitwall/services/seasons/syncs";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { withSeason } from "../current-season.ts";
import { adminProcedure } from "../trpc.ts";
import { byCursor, byOffset, id, seasonOrCurrent, text } from "../wire/fields.ts";
import { listOf, moment } from "../wire/shapes.ts";
import { account } from "../wire/users.ts";

const tags = ["admin"];

const slugs = listOf(z.string());

const seasonSync = z
  .object({
    season: z.number(),
    at: moment,
    source: z.string(),
    outcome: z
      .enum(["done", "empty", "unreadable", "failed"])
      .meta({ description: "`done`: every list was there and whole. Of the others the `reason` tells which was not" }),
    reason: z.string().nullable(),
    changes: z.object({
      races: z.object({ added: slugs, changed: slugs, cancelled: slugs, reinstated: slugs }),
      constructors: z.object({ added: slugs, changed: slugs }),
      drivers: z.object({ added: slugs, changed: slugs, priced: slugs }),
    }),
  })
  .meta({ id: "SeasonSync" });

const role = z.enum(["user", "admin"]);

const auditRow = z
  .object({
    id: z.number(),
    at: moment,
    actor: z.string().meta({ description: "The id of the user who acted, or the name of what acted by itself" }),
    act: z.string(),
    subject: z.string(),
    detail: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "AuditRow" });

export const adminRouter = {
  users: adminProcedure
    .meta({ openapi: { method: "GET", path: "/admin/users", tags, summary: "All accounts, newest first" } })
    .input(
      z.strictObject({
        search: text(100).optional(),
        role: role.optional(),
        active: z.boolean().optional(),
        ...byOffset,
      }),
    )
    .output(z.object({ items: listOf(account), total: z.number() }))
    .query(({ ctx, input }) => listUsers(ctx, input)),

  changeUser: adminProcedure
    .meta({
      takesNoKey: true,
      openapi: {
        method: "PATCH",
        path: "/admin/users/{id}",
        tags,
        summary: "Change somebody's role, tier or active state; whoever is deactivated is signed out at once",
      },
    })
    .input(
      z.strictObject({
        id,
        role: role.optional(),
        isActive: z.boolean().optional(),
        tier: z.enum(["standard", "premium"]).optional(),
      }),
    )
    .output(account)
    .mutation(({ ctx, input }) => changeUser(ctx, input)),

  audit: adminProcedure
    .meta({ openapi: { method: "GET", path: "/admin/audit", tags, summary: "Who did what, the latest first" } })
    .input(z.strictObject(byCursor(z.string().regex(/^[1-9]\d{0,14}$/))))
    .output(z.object({ items: listOf(auditRow), nextCursor: z.string().nullable() }))
    .query(({ ctx, input }) => auditTrail(ctx, input)),

  syncs: adminProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/admin/syncs",
        tags,
        summary: "When the source was asked for a season, what came of it, and what it changed, the latest first",
      },
    })
    .input(z.strictObject({ season: seasonOrCurrent, ...byOffset }))
    .output(z.object({ items: listOf(seasonSync), total: z.number() }))
    .query(async ({ ctx, input }) => syncsOf(ctx, await withSeason(ctx, input))),
} satisfies TRPCRouterRecord;
