import { DomainError } from "@pitwall/domain/domain-error";
import { DAY, HOUR, MINUTE, SECOND } from "@pitwall/domain/durations";
import { networkOf } from "@pitwall/domain/networks";
import type { ServiceContext } from "@pitwall/services/context";
import type { Meta, OwnLimit } from "./meta.ts";

export interface RateLimit {
  /** How many calls in how many milliseconds. */
  readonly most: number;
  readonly per: number;
  /** Left out, it counts by address. */
  readonly by?: "account";
  /** Calls that end so are given back. */
  readonly spares?: "successes" | "refusals";
}

export type RateLimits = Readonly<Record<"guest" | "user" | "premium" | OwnLimit, RateLimit>>;

/** All that is counted of calls. Guesses at the password of one account are slowed down beside it, by `services/auth`. */
export const RATE_LIMITS: RateLimits = {
  guest: { most: 100, per: HOUR },
  user: { most: 1000, per: HOUR, by: "account" },
  premium: { most: 5000, per: HOUR, by: "account" },
  signIn: { most: 20, per: 15 * MINUTE },
  register: { most: 10, per: HOUR },
  mail: { most: 5, per: HOUR },
  link: { most: 10, per: HOUR },
  // Wrong codes. There are 30¹⁰ codes: 20 an hour find one of a million leagues after some 3000 years.
  code: { most: 20, per: HOUR, by: "account", spares: "successes" },
  codeFrom: { most: 50, per: HOUR, spares: "successes" },
  // Leagues that were founded.
  league: { most: 20, per: DAY, by: "account", spares: "refusals" },
  lineup: { most: 60, per: MINUTE, by: "account" },
};

/** Where a caller stands under one limit after a call. */
export interface Counted {
  readonly limit: keyof RateLimits;
  readonly most: number;
  readonly remaining: number;
  /** In seconds, both: the whole window, and what is left of it. */
  readonly per: number;
  readonly resetSeconds: number;
}

/** Where a request comes from, whoever sends it. */
export interface Origin {
  readonly address: string | null;
  readonly device: string | null;
}

/** What counting needs to know of a call. */
export interface Counting {
  readonly origin: Origin;
  /** Null for scripts: who may run one need not be slowed down. */
  readonly limits: RateLimits | null;
  /** Hears of every count, so that the door can tell the caller. */
  readonly onCounted: (counted: Counted) => void;
}

type CountedCall = Pick<ServiceContext, "cache" | "actor"> & Counting;

/** What a call that has been counted still owes, once it is known how it ended; null where that makes no difference. */
export type Settle = ((isSuccess: boolean) => Promise<void>) | null;

/**
 * Counts one call under every limit that it falls under, and refuses what is too much. It is counted before it is done, so
 * that many at once get no further than one by one. The clock and scripts are not counted.
 */
export async function countCall(ctx: CountedCall, own: Meta["limit"] = []): Promise<Settle> {
  const { limits, actor } = ctx;
  if (limits === null || actor.kind === "system") return null;
  let settle = await count(ctx, limits, generalFor(actor));
  for (const limit of [own].flat()) settle = both(settle, await count(ctx, limits, limit));
  return settle;
}

function both(one: Settle, other: Settle): Settle {
  if (!one || !other) return one ?? other;
  return async (isSuccess) => {
    await one(isSuccess);
    await other(isSuccess);
  };
}

function generalFor(actor: CountedCall["actor"]): "guest" | "user" | "premium" {
  if (actor.kind !== "user" && actor.kind !== "admin") return "guest";
  return actor.tier === "premium" ? "premium" : "user";
}

function accountOf(actor: CountedCall["actor"]): string | null {
  return actor.kind === "user" || actor.kind === "admin" ? actor.userId : null;
}

async function count(ctx: CountedCall, limits: RateLimits, limit: keyof RateLimits): Promise<Settle> {
  const { most, per, by, spares } = limits[limit];
  const whom = by === "account" ? accountOf(ctx.actor) : networkOf(ctx.origin.address);
  if (whom === null) return null;
  const key = `calls:${limit}:${whom}`;
  const window = { limit: most, seconds: per / SECOND };
  const { allowed, remaining, resetSeconds } = await ctx.cache.hit(key, [window]);
  const counted = { limit, most, per: window.seconds, resetSeconds };
  ctx.onCounted({ ...counted, remaining });
  if (!allowed)
    throw new DomainError(
      "rate_limited",
      "request.rate_limited",
      `That was too often. Try again in ${resetSeconds} seconds.`,
      {
        retryAfterSeconds: resetSeconds,
      },
    );
  if (spares === undefined) return null;
  return async (isSuccess) => {
    if (spares !== (isSuccess ? "successes" : "refusals")) return;
    await ctx.cache.giveBack(key, [window]);
    ctx.onCounted({ ...counted, remaining: remaining + 1 });
  };
}
