import { withTx } from "@pitwall/db/database";
import { notificationPreferences } from "@pitwall/db/schema";
import { and, eq, inArray, sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { activeSpeaker } from "../internal/active-speaker.ts";
import { BY_DEFAULT, type Preference, storedPreferences } from "../internal/notification-preferences.ts";
import { speakerId } from "../internal/speaker.ts";

/** What the speaker wants to hear of, and how: one for each type there is. */
export async function preferencesOf(ctx: ServiceContext): Promise<{ items: Preference[] }> {
  return { items: await storedPreferences(ctx.db, speakerId(ctx.actor)) };
}

/** Sets the types that are named, the last word of each, and leaves the others as they are. Answers all. */
export async function setPreferences(
  ctx: ServiceContext,
  input: { readonly items: readonly Preference[] },
): Promise<{ items: Preference[] }> {
  // In one order, so that two at once wait for each other instead of blocking each other.
  const wanted = [...new Map(input.items.map((item) => [item.type, item])).values()].sort((a, b) =>
    a.type < b.type ? -1 : 1,
  );
  const usual = wanted.filter(isDefault).map(({ type }) => type);
  const special = wanted.filter((item) => !isDefault(item));
  return withTx(ctx.db, async (db) => {
    const userId = await activeSpeaker(db, ctx.actor);
    if (special.length > 0)
      await db
        .insert(notificationPreferences)
        .values(special.map((item) => ({ userId, ...item })))
        .onConflictDoUpdate({
          target: [notificationPreferences.userId, notificationPreferences.type],
          set: { inApp: sql`excluded.in_app`, email: sql`excluded.email` },
        });
    if (usual.length > 0)
      await db
        .delete(notificationPreferences)
        .where(and(eq(notificationPreferences.userId, userId), inArray(notificationPreferences.type, usual)));
    return { items: await storedPreferences(db, userId) };
  });
}

function isDefault({ inApp, email }: Preference): boolean {
  return inApp === BY_DEFAULT.inApp && email === BY_DEFAULT.email;
}
