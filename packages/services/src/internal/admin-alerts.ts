import { broadcasts } from "@pitwall/db/schema";
import type { ServiceContext } from "../context.ts";
import { wakeMails } from "./wake-mails.ts";

export interface Alert {
  /** What it is about, as `race 12`, and what is the matter with it: every admin is told once of the two together. */
  readonly about: string;
  readonly reason: string;
  readonly title: string;
  readonly body: string;
  readonly link?: string;
  readonly raceId?: number;
  readonly data: Record<string, unknown>;
}

/**
 * Tells whoever is an admin of what only an admin can mend, and the log as an error. Noticed again, by whomever and however
 * often, it is told no more. Answers whether it was news.
 */
export async function alertAdmins(ctx: Pick<ServiceContext, "db" | "log">, alert: Alert): Promise<boolean> {
  const { about, reason, title, body, link, raceId, data } = alert;
  const { rowCount } = await ctx.db
    .insert(broadcasts)
    .values({
      type: "system",
      audience: "admins",
      occasion: `alert: ${about}: ${reason}`,
      ...{ title, body, link, raceId },
      data: { ...data, reason },
    })
    .onConflictDoNothing();
  if (!rowCount) return false;
  await wakeMails(ctx.db, "system");
  ctx.log.error(`admins were alerted: ${title}`, { about, ...data, reason });
  return true;
}
