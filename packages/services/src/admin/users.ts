import { withTx } from "@pitwall/db/database";
import { sessions, users } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { and, count, desc, eq, isNull, or } from "drizzle-orm";
import type { AccountContext, Actor, ServiceContext } from "../context.ts";
import { audit } from "../internal/audit.ts";
import { endSessions } from "../internal/end-sessions.ts";
import { type HeldAccount, holdAdminsAnd, refuseLastAdmin } from "../internal/hold-admins.ts";
import { hasPart } from "../internal/parts.ts";
import { readerId } from "../internal/speaker.ts";

const account = {
  id: users.id,
  username: users.username,
  email: users.email,
  emailVerifiedAt: users.emailVerifiedAt,
  fullName: users.fullName,
  role: users.role,
  tier: users.tier,
  isActive: users.isActive,
  since: users.createdAt,
};

/** What admins see of an account. */
export type Account = Pick<HeldAccount, Exclude<keyof typeof account, "since">> & { readonly since: Date };

export interface AccountSearch {
  /** Part of a username, address or full name, without regard to case. Nothing in it is a wildcard. */
  readonly search?: string | undefined;
  readonly role?: HeldAccount["role"] | undefined;
  readonly active?: boolean | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** All accounts but those that are gone, newest first. */
export async function listUsers(
  ctx: ServiceContext,
  input: AccountSearch,
): Promise<{ items: Account[]; total: number }> {
  const chosen = and(
    isNull(users.deletedAt),
    input.role === undefined ? undefined : eq(users.role, input.role),
    input.active === undefined ? undefined : eq(users.isActive, input.active),
    input.search === undefined ? undefined : isNamed(input.search),
  );
  const items = await ctx.db
    .select(account)
    .from(users)
    .where(chosen)
    .orderBy(desc(users.id))
    .limit(input.limit)
    .offset(input.offset);
  const [counted] = await ctx.db.select({ n: count() }).from(users).where(chosen);
  return { items, total: counted?.n ?? 0 };
}

function isNamed(search: string) {
  return or(...[users.username, users.email, users.fullName].map((column) => hasPart(column, search)));
}

export interface AccountChange {
  readonly id: string;
  readonly role?: HeldAccount["role"] | undefined;
  readonly isActive?: boolean | undefined;
  readonly tier?: HeldAccount["tier"] | undefined;
}

/**
 * Changes what somebody may do. Whoever is deactivated is signed out everywhere at once; there is always an admin who can
 * sign in. Only what really changes is written, into the audit trail as well.
 */
export async function changeUser(ctx: AccountContext, input: AccountChange): Promise<Account> {
  const { after, changes } = await withTx(ctx.db, async (db) => {
    const { account: before, admins } = await holdAdminsAnd(db, input.id);
    refuseFormerAdmin(ctx.actor, admins);
    if (!before) throw new DomainError("not_found", "user.not_found", "There is no such user.");
    const changes = changesOf(before, input);
    if (Object.keys(changes).length > 0) {
      if (input.role === "user" || input.isActive === false) refuseLastAdmin(admins, before.id);
      const { id: _id, ...wanted } = input;
      await db.update(users).set(wanted).where(eq(users.id, before.id));
      if (input.isActive === false) await endSessions(db, eq(sessions.userId, before.id));
      await audit({ ...ctx, db }, { act: "change_user", subject: before.id, detail: changes });
    }
    const [after] = await db.select(account).from(users).where(eq(users.id, before.id));
    if (!after) throw new Error("an account went while it was held");
    return { after, changes };
  });
  if (Object.keys(changes).length > 0) await ctx.auth.bearers.revoked(ctx, after.id);
  ctx.log.info("an account was changed", { actorId: readerId(ctx.actor), userId: after.id, changes });
  return after;
}

const CHANGEABLE = ["role", "isActive", "tier"] as const;

function changesOf(before: HeldAccount, input: AccountChange): Record<string, { from: unknown; to: unknown }> {
  const changed = CHANGEABLE.filter((field) => input[field] !== undefined && input[field] !== before[field]);
  return Object.fromEntries(changed.map((field) => [field, { from: before[field], to: input[field] }]));
}

/** Somebody may have taken the role away since the request came in. */
function refuseFormerAdmin(actor: Actor, admins: readonly HeldAccount[]): void {
  if (actor.kind === "system" || admins.some(({ id }) => id === readerId(actor))) return;
  throw new DomainError("forbidden", "auth.admin_only", "Only admins may do this.");
}
