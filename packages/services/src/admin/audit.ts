import { auditLog } from "@pitwall/db/schema";
import { desc, lt } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";

export type AuditRow = typeof auditLog.$inferSelect;

/** Who did what, the latest first. People are named by their ids alone. */
export async function auditTrail(
  ctx: ServiceContext,
  input: {
    readonly limit: number;
    /** The `nextCursor` of the page before. */
    readonly cursor?: string | undefined;
  },
): Promise<{ items: AuditRow[]; nextCursor: string | null }> {
  const found = await ctx.db
    .select()
    .from(auditLog)
    .where(input.cursor === undefined ? undefined : lt(auditLog.id, Number(input.cursor)))
    .orderBy(desc(auditLog.id))
    .limit(input.limit + 1);
  const items = found.slice(0, input.limit);
  const last = found.length > input.limit ? items.at(-1) : undefined;
  return { items, nextCursor: last ? String(last.id) : null };
}
