import { DomainError } from "@pitwall/domain/domain-error";
import { sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";

/**
 * The season that is being played: that of the next race to lock, or, when none is left, of the race that locked last. A
 * replay of an older season is the one being played, although a newer one is known.
 */
export async function currentSeason(ctx: ServiceContext): Promise<number> {
  const current = await findCurrentSeason(ctx);
  if (current !== null) return current;
  throw new DomainError("not_found", "season.none", "No season is being played here yet.");
}

/** Null: none is known. */
export async function findCurrentSeason(ctx: ServiceContext): Promise<number | null> {
  const { rows } = await ctx.db.execute<{ year: number }>(sql`
    select season.year
    from seasons season left join races race on race.season = season.year and race.cancelled_at is null
    order by
      (race.lock_at > clock_timestamp() and race.locked_at is null) desc nulls last,
      case when race.lock_at > clock_timestamp() and race.locked_at is null then race.lock_at end asc,
      race.lock_at desc nulls last,
      season.year desc
    limit 1`);
  return rows[0]?.year ?? null;
}
