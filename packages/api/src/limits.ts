import { DomainError } from "@pitwall/domain/domain-error";
import { HOUR, MINUTE, SECOND } from "@pitwall/domain/durations";
import { networkOf } from "@pitwall/domain/networks";
import type { ServiceContext } from "@pitwall/services/context";
import type { Meta } from "./meta.ts";

export interface RateLimit {
  /** How many calls in how many milliseconds. */
  readonly most: number;
  readonly per: number;
}

/** `guest` counts by address, `user` and `premium` by account, the others by address and on top. */
export type RateLimits = Readonly<Record<"guest" | "user" | "premium" | NonNullable<Meta["limit"]>, RateLimit>>;

export const RATE_LIMITS: RateLimits = {
  guest: { most: 100, per: HOUR },
  user: { most: 1000, per: HOUR },
  premium: { most: 5000, per: HOUR },
  signIn: { most: 20, per: 15 * MINUTE },
  register: { most: 10, per: HOUR },
  mail: { most: 5, per: HOUR },
  link: { most: 10, per: HOUR },
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

/** Counts one call under every limit that it falls under, and refuses what is too much. The clock and scripts are not counted. */
export async function countCall(ctx: CountedCall, own: Meta["limit"]): Promise<void> {
  const { limits, actor } = ctx;
  if (limits === null || actor.kind === "system") return;
  const address = networkOf(ctx.origin.address);
  if (actor.kind === "guest") await count(ctx, limits, "guest", address);
  else await count(ctx, limits, actor.tier === "premium" ? "premium" : "user", actor.userId);
  if (own) await count(ctx, limits, own, address);
}

async function count(ctx: CountedCall, limits: RateLimits, limit: keyof RateLimits, whom: string): Promise<void> {
  const { most, per } = limits[limit];
  const { allowed, remaining, resetSeconds } = await ctx.cache.hit(`calls:${limit}:${whom}`, [
    { limit: most, seconds: per / SECOND },
  ]);
  ctx.onCounted({ limit, most, per: per / SECOND, remaining, resetSeconds });
  if (allowed) return;
  throw new DomainError(
    "rate_limited",
    "request.rate_limited",
    `That was too often. Try again in ${resetSeconds} seconds.`,
    {
      retryAfterSeconds: resetSeconds,
    },
  );
}
