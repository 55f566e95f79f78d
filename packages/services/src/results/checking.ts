import { withTx } from "@pitwall/db/database";
import { DomainError } from "@pitwall/domain/domain-error";
import type { ServiceContext } from "../context.ts";
import { audit } from "../internal/audit.ts";
import { type RaceName, raceNamed } from "../internal/race-lookup.ts";
import { workersAtWork } from "../jobs/workers.ts";
import { putOffLook } from "./watch.ts";

export interface QueuedLook extends RaceName {
  readonly lookAt: Date;
  /** Why not at once, in words. */
  readonly waitsBecause: string | null;
}

/**
 * Has the source asked for a race, though none of its looks is due. It is a look like any other: alone, within the source's
 * patience, and not before the source would say anything else than it said last.
 */
export async function checkRace(ctx: ServiceContext, input: RaceName): Promise<QueuedLook> {
  const { season, slug } = input;
  const { at: lookAt, isNow } = await withTx(ctx.db, async (db) => {
    const race = await raceNamed(db, input);
    const now = ctx.now();
    if (race.cancelledAt !== null)
      throw new DomainError("conflict", "race.cancelled", `The ${race.name} is cancelled. Reinstate it first.`);
    if (race.startsAt > now)
      throw new DomainError(
        "broken_rule",
        "results.too_early",
        `The ${race.name} starts at ${race.startsAt.toISOString()}; it has no result before.`,
      );
    const at = race.copyFreshUntil !== null && race.copyFreshUntil > now ? race.copyFreshUntil : now;
    const look = { raceId: race.id, anyway: true as const, forMs: at.getTime() - now.getTime() };
    await putOffLook({ ...ctx, db }, look);
    await audit(
      { ...ctx, db },
      { act: "check_race", subject: `${season}/${slug}`, detail: { lookAt: at.toISOString() } },
    );
    return { at, isNow: at === now };
  });
  return { season, slug, lookAt, waitsBecause: await whyWaiting(ctx, isNow) };
}

async function whyWaiting(ctx: ServiceContext, isNow: boolean): Promise<string | null> {
  const workers = await workersAtWork(ctx);
  if (workers.length === 0) return "Nobody is at work: the look waits for a worker to start.";
  return isNow ? null : "The source keeps its last answer until then.";
}
