import type { Hit, Window } from "@pitwall/cache/cache";
import { sessions } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { DAY, HOUR, MINUTE, SECOND } from "@pitwall/domain/durations";
import { networkOf } from "@pitwall/domain/networks";
import { eq } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { sha256 } from "../internal/digests.ts";
import type { Purpose } from "./links.ts";

/**
 * Somebody who mistypes waits a minute, a program that guesses half a day: 40 guesses a day is what it gets, and the
 * passwords that are tried first cannot be chosen.
 */
const FROM_ONE_ADDRESS = windows([5, MINUTE], [10, 15 * MINUTE], [20, 3 * HOUR], [40, DAY]);

/** Of guesses that are spread over many addresses. Wider where it is longer, since it also binds the owner abroad. */
const FROM_ALL_ADDRESSES = windows([10, 15 * MINUTE], [30, 3 * HOUR], [100, DAY]);

/** In milliseconds. */
function windows(...limits: readonly (readonly [most: number, per: number])[]): Window[] {
  return limits.map(([limit, per]) => ({ limit, seconds: per / SECOND }));
}

export interface Attempt {
  /** The password was right: the address is not held to this attempt, however often its owner signs in. */
  wasRight(): Promise<void>;
}

/**
 * Counts an attempt to sign in before its password is looked at, so that many at once get no further than one by one. It
 * counts for the account from one address, and for the account from all addresses together. The second would let strangers
 * lock the owner out, so it does not bind where the owner has signed in before; nor is any of it given back, or each
 * sign-in of the owner would let them go on. `userId` is null when nobody has this name, which is counted just the same.
 */
export async function admitAttempt(ctx: ServiceContext, login: string, userId: string | null): Promise<Attempt> {
  const address = ctx.actor.kind === "guest" ? ctx.actor.address : null;
  const network = networkOf(address);
  const account = `sign-in:${userId ?? sha256(login.toLowerCase())}`;
  const fromHere = await ctx.cache.hit(`${account}:${network}`, FROM_ONE_ADDRESS);
  if (!fromHere.allowed) throw tooMany(ctx, fromHere, userId);
  const fromAnywhere = await ctx.cache.hit(account, FROM_ALL_ADDRESSES);
  if (!fromAnywhere.allowed && !(await isHomeOf(ctx, userId, address))) throw tooMany(ctx, fromAnywhere, userId);
  return { wasRight: () => ctx.cache.giveBack(`${account}:${network}`, FROM_ONE_ADDRESS) };
}

async function isHomeOf({ db }: ServiceContext, userId: string | null, address: string | null): Promise<boolean> {
  if (userId === null || address === null) return false;
  const known = await db
    .selectDistinct({ address: sessions.address })
    .from(sessions)
    .where(eq(sessions.userId, userId));
  return known.some((home) => home.address !== null && networkOf(home.address) === networkOf(address));
}

/** The same for whoever is signed in and proves it again: counted apart, since a stranger's guesses are none of theirs. */
export async function admitProof(ctx: ServiceContext, userId: string): Promise<Attempt> {
  const proofs = await ctx.cache.hit(`proof:${userId}`, FROM_ONE_ADDRESS);
  if (!proofs.allowed) throw tooMany(ctx, proofs, userId);
  return { wasRight: () => ctx.cache.giveBack(`proof:${userId}`, FROM_ONE_ADDRESS) };
}

const MAILS = windows([5, HOUR]);

/** Counts a mail that an account asks for. After the fifth in an hour it answers for how many seconds there are no more. */
export async function secondsUntilMail(ctx: ServiceContext, userId: string, purpose: Purpose): Promise<number> {
  const { allowed, resetSeconds } = await ctx.cache.hit(`mails:${purpose}:${userId}`, MAILS);
  return allowed ? 0 : resetSeconds;
}

export async function admitMail(ctx: ServiceContext, userId: string, purpose: Purpose): Promise<void> {
  const retryAfterSeconds = await secondsUntilMail(ctx, userId, purpose);
  if (retryAfterSeconds === 0) return;
  throw new DomainError(
    "rate_limited",
    "auth.too_many_mails",
    "Enough mails were sent for now. Look for them, also among the unwanted ones, or try again later.",
    { retryAfterSeconds },
  );
}

function tooMany({ log }: ServiceContext, { resetSeconds }: Hit, userId: string | null): DomainError {
  log.warn("attempts to sign in are slowed", { userId, retryAfterSeconds: resetSeconds });
  return new DomainError(
    "rate_limited",
    "auth.too_many_attempts",
    "Too many attempts to sign in to this account. Try again later.",
    {
      retryAfterSeconds: resetSeconds,
    },
  );
}
