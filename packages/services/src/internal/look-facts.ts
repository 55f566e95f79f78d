import type { Db } from "@pitwall/db/database";
import { races } from "@pitwall/db/schema";
import type { LookFacts } from "@pitwall/domain/schedule";
import { eq, sql } from "drizzle-orm";

/** The watch over a season's results ends this long after its last flag. */
export const SEASON_TAIL_DAYS = 28;

const SEASON_TAIL = sql.raw(`interval '${SEASON_TAIL_DAYS} days'`);

/** The stored facts that the schedule of looks follows from, as columns to select beside a race. */
export const lookFactColumns = {
  flagDueAt: races.flagDueAt,
  recordedAt: races.recordedAt,
  lookedAt: races.lookedAt,
  freshUntil: races.copyFreshUntil,
  // Spelt out: a column object would lose its table's name in a query over one table, and mean the inner one.
  seasonEndsAt:
    sql`(select max(last.flag_due_at) + ${SEASON_TAIL} from races last where last.season = races.season and last.cancelled_at is null)`.mapWith(
      races.flagDueAt,
    ),
};

export async function lookFactsOf(db: Db, raceId: number): Promise<LookFacts | null> {
  const [facts] = await db.select(lookFactColumns).from(races).where(eq(races.id, raceId));
  return facts ?? null;
}
