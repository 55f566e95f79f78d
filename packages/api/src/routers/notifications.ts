import { countUnread, listNotifications, markAllRead, markRead, putAway } from "@pitwall/services/notifications/inbox";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { userProcedure } from "../trpc.ts";
import { byCursor, id } from "../wire/fields.ts";
import { listOf, moment, nothing, uuid } from "../wire/shapes.ts";

const tags = ["notifications"];

const notification = z
  .object({
    id: uuid,
    type: z.enum(["results_in", "correction", "league_joined", "league_role", "lock_reminder", "system"]),
    title: z.string(),
    body: z.string(),
    link: z.string().nullable(),
    data: z.record(z.string(), z.unknown()),
    createdAt: moment,
    isRead: z.boolean(),
  })
  .meta({ id: "Notification" });

export const notificationsRouter = {
  list: userProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/notifications",
        tags,
        summary: "What you were told in the last 30 days, newest first",
      },
    })
    .input(z.strictObject({ unread: z.boolean().optional(), ...byCursor(id) }))
    .output(z.object({ items: listOf(notification), nextCursor: z.string().nullable() }))
    .query(({ ctx, input }) => listNotifications(ctx, input)),

  count: userProcedure
    .meta({ openapi: { method: "GET", path: "/notifications/count", tags, summary: "How many you have not read" } })
    .output(z.object({ unread: z.number() }))
    .query(({ ctx }) => countUnread(ctx)),

  read: userProcedure
    .meta({ openapi: { method: "POST", path: "/notifications/{id}/read", tags, summary: "Mark one as read" } })
    .input(z.strictObject({ id }))
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await markRead(ctx, input);
      return {};
    }),

  readAll: userProcedure
    .meta({ openapi: { method: "POST", path: "/notifications/read-all", tags, summary: "Mark all as read" } })
    .output(z.object({ marked: z.number() }))
    .mutation(({ ctx }) => markAllRead(ctx)),

  delete: userProcedure
    .meta({
      openapi: { method: "DELETE", path: "/notifications/{id}", tags, summary: "Put one out of sight for good" },
    })
    .input(z.strictObject({ id }))
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await putAway(ctx, input);
      return {};
    }),
} satisfies TRPCRouterRecord;
