import type { Db } from "@pitwall/db/database";
import { notificationPreferences } from "@pitwall/db/schema";
import { eq } from "drizzle-orm";

export const NOTIFICATION_TYPES = [
  "results_in",
  "correction",
  "league_joined",
  "league_role",
  "lock_reminder",
  "system",
] as const;

/** By which ways somebody wants to hear of a type. */
export interface Preference {
  readonly type: (typeof NOTIFICATION_TYPES)[number];
  readonly inApp: boolean;
  readonly email: boolean;
}

/** Nobody's mailbox is filled unasked, and nothing is missed in the app. Only what differs is stored. */
export const BY_DEFAULT = { inApp: true, email: false };

/** One for each type there is. */
export async function storedPreferences(db: Db, userId: string): Promise<Preference[]> {
  const stored = await db.select().from(notificationPreferences).where(eq(notificationPreferences.userId, userId));
  return NOTIFICATION_TYPES.map((type) => {
    const { inApp, email } = stored.find((one) => one.type === type) ?? BY_DEFAULT;
    return { type, inApp, email };
  });
}
