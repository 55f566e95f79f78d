import { withTx } from "@pitwall/db/database";
import { leagueMembers, teams, users } from "@pitwall/db/schema";
import { usernameFaults } from "@pitwall/domain/accounts";
import { DomainError } from "@pitwall/domain/domain-error";
import { and, eq, isNull, or, sql } from "drizzle-orm";
import type { AccountContext, ServiceContext } from "./context.ts";
import { insertUser } from "./internal/new-users.ts";
import { hasPart, hasWordFrom } from "./internal/parts.ts";
import { passwordFaults } from "./internal/password-rules.ts";
import { type Places, prepared } from "./internal/prepared.ts";
import { type OwnProfile, ownProfile } from "./internal/profiles.ts";
import { speakerId } from "./internal/speaker.ts";

export async function me(ctx: ServiceContext): Promise<OwnProfile> {
  const [user] = await profileById(ctx.db, { id: speakerId(ctx.actor) });
  if (user) return user;
  throw userNotFound();
}

const profileById = prepared("own_profile", (db, { id }: Places<{ id: string }>) =>
  db.select(ownProfile).from(users).where(eq(users.id, id)),
);

/** Null takes the name away; nothing leaves it as it is. */
export async function updateProfile(
  ctx: ServiceContext,
  input: { readonly fullName?: string | null | undefined },
): Promise<OwnProfile> {
  if (input.fullName === undefined) return me(ctx);
  const [user] = await ctx.db
    .update(users)
    .set({ fullName: input.fullName })
    .where(and(eq(users.id, speakerId(ctx.actor)), users.isActive))
    .returning(ownProfile);
  if (user) return user;
  throw userNotFound();
}

/** What everybody may know of a user. */
export interface PublicProfile {
  readonly id: string;
  readonly username: string;
  readonly fullName: string | null;
  readonly since: Date;
  readonly teams: number;
  readonly leagues: number;
}

export async function userByUsername(
  ctx: ServiceContext,
  input: { readonly username: string },
): Promise<PublicProfile> {
  const [user] = await ctx.db
    .select({
      id: users.id,
      username: users.username,
      fullName: users.fullName,
      since: users.createdAt,
      teams: ctx.db.$count(teams, and(eq(teams.ownerId, users.id), isNull(teams.removedAt))),
      leagues: ctx.db.$count(leagueMembers, eq(leagueMembers.userId, users.id)),
    })
    .from(users)
    .where(and(sql`lower(${users.username}) = lower(${input.username})`, users.isActive));
  if (user) return user;
  throw userNotFound();
}

export type FoundUser = Pick<PublicProfile, "id" | "username" | "fullName">;

/**
 * Users by a part of their name or full name, without regard to case. Nothing in it is a wildcard. The index knows three
 * letters or digits in a row; what has fewer finds those whose names, or words in them, begin with it.
 */
export async function searchUsers(
  ctx: ServiceContext,
  input: { readonly search: string; readonly limit: number; readonly offset: number },
): Promise<{ items: FoundUser[] }> {
  speakerId(ctx.actor);
  const has = IN_THE_INDEX.test(input.search) ? hasPart : hasWordFrom;
  const named = [users.username, users.fullName].map((column) => has(column, input.search));
  const items = await ctx.db
    .select({ id: users.id, username: users.username, fullName: users.fullName })
    .from(users)
    .where(and(users.isActive, or(...named)))
    .orderBy(sql`lower(${users.username})`)
    .limit(input.limit)
    .offset(input.offset);
  return { items };
}

const IN_THE_INDEX = /[\p{L}\p{N}]{3}/u;

function userNotFound(): DomainError {
  return new DomainError("not_found", "user.not_found", "There is no such user.");
}

/** Any number that nothing else in the database locks. */
const FIRST_ADMIN_LOCK = 5_110_312;

/**
 * Makes the first admin; where there is one, nobody is touched, whatever the input says. Answers whether one was made. The
 * operator may take a reserved name, such as "admin".
 */
export async function ensureAdmin(
  ctx: AccountContext,
  input: { readonly username: string; readonly email: string; readonly password: string },
): Promise<boolean> {
  if (ctx.actor.kind !== "system")
    throw new DomainError("forbidden", "auth.system_only", "Only the installation itself makes the first admin.");
  if (await hasAdmin(ctx)) return false;
  const faults = adminFaults(input);
  if (faults.length > 0)
    throw new DomainError("malformed", "auth.invalid_registration", faults.map(({ message }) => message).join(" "), {
      faults,
    });
  const { username, email } = input;
  const passwordHash = await ctx.auth.passwords.hash(input.password);
  return withTx(ctx.db, async (db) => {
    await db.execute(sql`select pg_advisory_xact_lock(${FIRST_ADMIN_LOCK}::bigint)`);
    if (await hasAdmin({ db })) return false;
    await insertUser(db, { username, email, role: "admin", passwordHash });
    return true;
  });
}

/** What is wrong with the name and password of a first admin. */
export function adminFaults(input: { readonly username: string; readonly email: string; readonly password: string }) {
  return [
    ...usernameFaults(input.username).filter(({ reason }) => reason !== "username.reserved"),
    ...passwordFaults(input.password, input),
  ];
}

async function hasAdmin({ db }: Pick<ServiceContext, "db">): Promise<boolean> {
  const found = await db.select({ id: users.id }).from(users).where(eq(users.role, "admin")).limit(1);
  return found.length > 0;
}
