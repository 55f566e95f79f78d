import { sessions } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { HOUR, MINUTE, SECOND } from "@pitwall/domain/durations";
import { and, eq } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { sha256 } from "../internal/digests.ts";
import type { Purpose } from "./links.ts";

const ATTEMPTS = 10;
const WINDOW = (15 * MINUTE) / SECOND;

/**
 * Counts an attempt to sign in, and refuses the eleventh in a quarter of an hour: for an account from one address, and for
 * an account from all addresses together. The second would let a stranger lock the owner out, so it does not bind where
 * the owner has signed in before. `userId` is null when nobody has this name, which is counted just the same.
 */
export async function admitAttempt(ctx: ServiceContext, login: string, userId: string | null): Promise<void> {
  const address = ctx.actor.kind === "guest" ? ctx.actor.address : null;
  const account = `sign-in:${userId ?? sha256(login.toLowerCase())}`;
  const fromHere = await ctx.cache.hit(`${account}:${address}`, ATTEMPTS, WINDOW);
  if (!fromHere.allowed) throw tooMany(fromHere.resetSeconds);
  const fromAnywhere = await ctx.cache.hit(account, ATTEMPTS, WINDOW);
  if (fromAnywhere.allowed || (await isHomeOf(ctx, userId, address))) return;
  throw tooMany(fromAnywhere.resetSeconds);
}

async function isHomeOf({ db }: ServiceContext, userId: string | null, address: string | null): Promise<boolean> {
  if (userId === null || address === null) return false;
  return (await db.$count(sessions, and(eq(sessions.userId, userId), eq(sessions.address, address)))) > 0;
}

/** The same for whoever is signed in and proves it again: counted apart, since a stranger's guesses are none of theirs. */
export async function admitProof(ctx: ServiceContext, userId: string): Promise<void> {
  const { allowed, resetSeconds } = await ctx.cache.hit(`proof:${userId}`, ATTEMPTS, WINDOW);
  if (!allowed) throw tooMany(resetSeconds);
}

const MAILS = 5;

/** Counts a mail that an account asks for. After the fifth in an hour it answers for how many seconds there are no more. */
export async function secondsUntilMail(ctx: ServiceContext, userId: string, purpose: Purpose): Promise<number> {
  const { allowed, resetSeconds } = await ctx.cache.hit(`mails:${purpose}:${userId}`, MAILS, HOUR / SECOND);
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

function tooMany(retryAfterSeconds: number): DomainError {
  return new DomainError(
    "rate_limited",
    "auth.too_many_attempts",
    "Too many attempts to sign in to this account. Try again later.",
    {
      retryAfterSeconds,
    },
  );
}
