import type { Db } from "@pitwall/db/database";
import { notificationPreferences } from "@pitwall/db/schema";
import { and, eq } from "drizzle-orm";
import { enqueue } from "../jobs.ts";
import type { NOTIFICATION_TYPES } from "./notification-preferences.ts";

/** To be called with an announcement, in its transaction: whoever wants it by e-mail need not wait for the next tick. */
export async function wakeMails(db: Db, type: (typeof NOTIFICATION_TYPES)[number]): Promise<void> {
  const [somebody] = await db
    .select({ id: notificationPreferences.userId })
    .from(notificationPreferences)
    .where(and(eq(notificationPreferences.type, type), eq(notificationPreferences.email, true)))
    .limit(1);
  if (somebody) await enqueue({ db }, "send-mails", {}, "send-mails");
}
