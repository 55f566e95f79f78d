import { auditLog } from "@pitwall/db/schema";
import type { ServiceContext } from "../context.ts";
import { speakerId } from "./speaker.ts";

export interface AuditedAct {
  /** An imperative, as `change_user`. */
  readonly act: string;
  /** The id of what was acted upon. */
  readonly subject: string;
  /** Figures and choices, never names or addresses: these rows outlive the people they speak of. */
  readonly detail: Record<string, unknown>;
}

/** Writes down who did what. Call it with the transaction of the act, so that neither is there without the other. */
export async function audit(
  { db, actor }: Pick<ServiceContext, "db" | "actor">,
  { act, subject, detail }: AuditedAct,
): Promise<void> {
  const name = actor.kind === "system" ? actor.name : speakerId(actor);
  await db.insert(auditLog).values({ actor: name, act, subject, detail });
}
