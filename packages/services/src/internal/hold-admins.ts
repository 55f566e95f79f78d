import type { Db } from "@pitwall/db/database";
import { users } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { and, asc, eq, isNull, or } from "drizzle-orm";

export type HeldAccount = typeof users.$inferSelect;

/**
 * Locks all active admins and one account beside them, always in one order, until the transaction ends: of two acts that
 * would each leave one admin, the second sees what the first has left. Null where the account is gone.
 */
export async function holdAdminsAnd(
  db: Db,
  accountId: string,
): Promise<{ readonly account: HeldAccount | null; readonly admins: readonly HeldAccount[] }> {
  const held = await db
    .select()
    .from(users)
    .where(and(isNull(users.deletedAt), or(isActiveAdmin, eq(users.id, accountId))))
    .orderBy(asc(users.id))
    // A weaker lock than a key's: rows that name these people may come in meanwhile.
    .for("no key update");
  return {
    account: held.find(({ id }) => id === accountId) ?? null,
    admins: held.filter(({ role, isActive }) => role === "admin" && isActive),
  };
}

const isActiveAdmin = and(eq(users.role, "admin"), eq(users.isActive, true));

export function refuseLastAdmin(admins: readonly HeldAccount[], accountId: string): void {
  if (admins.some(({ id }) => id !== accountId) || !admins.some(({ id }) => id === accountId)) return;
  throw new DomainError("broken_rule", "user.last_admin", "This is the last admin. Make somebody else an admin first.");
}
