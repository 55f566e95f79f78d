import { countUnread, listNotifications, markAllRead, markRead, putAway } from "@pitwall/services/notifications/inbox";
import { preferencesOf, setPreferences } from "@pitwall/services/notifications/preferences";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { userProcedure } from "../trpc.ts";
import { byCursor, id } from "../wire/fields.ts";
import { listOf, moment, nothing, uuid } from "../wire/shapes.ts";

const tags = ["notifications"];

const type = z.enum(["results_in", "correction", "league_joined", "league_role", "lock_reminder", "system"]);

const preference = z.object({ type, inApp: z.boolean(), email: z.boolean() }).meta({ id: "NotificationPreference" });

const notification = z
  .object({
    id: uuid,
    type,
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

  preferences: userProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/notifications/preferences",
        tags,
        summary: "What you want to hear of, and how",
      },
    })
    .output(z.object({ items: listOf(preference) }))
    .query(({ ctx }) => preferencesOf(ctx)),

  setPreferences: userProcedure
    .meta({
      openapi: {
        method: "PUT",
        path: "/notifications/preferences",
        tags,
        summary: "Set what you want to hear of; types that you leave out stay as they are",
      },
    })
    .input(
      z.strictObject({
        items: z
          .array(z.strictObject({ type, inApp: z.boolean(), email: z.boolean() }))
          .min(1)
          .max(20),
      }),
    )
    .output(z.object({ items: listOf(preference) }))
    .mutation(({ ctx, input }) => setPreferences(ctx, input)),
} satisfies TRPCRouterRecord;
