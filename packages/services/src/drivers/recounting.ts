import { isDeepStrictEqual } from "node:util";
import type { Db } from "@pitwall/db/database";
import { withTx } from "@pitwall/db/database";
import { drivers, races } from "@pitwall/db/schema";
import { countedStatistics, type RunRace, type SeasonStatistics } from "@pitwall/domain/driver-statistics";
import type { Tenths } from "@pitwall/domain/tenths";
import { and, asc, eq, isNotNull, isNull, sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { alertAdmins } from "../internal/admin-alerts.ts";
import { rulesOfSeason } from "../internal/race-lookup.ts";
import { storedClassification } from "../internal/stored-classifications.ts";
import { seasonStatistics } from "./statistics.ts";

export interface Recount {
  readonly seasons: number;
  readonly drivers: number;
  /** Whose statistics are not what the classifications say, by season. */
  readonly wrong: readonly { readonly season: number; readonly driverIds: readonly string[] }[];
}

/**
 * Counts the statistics of every driver once more, from the classifications by the pure rules, and tells the admins of those
 * that are served otherwise, once as long as the same are wrong. Sees one moment of the database, and changes nothing.
 */
export async function recountStatistics(ctx: ServiceContext): Promise<Recount> {
  const recount = await withTx(ctx.db, async (db) => {
    await db.execute(sql`set transaction isolation level repeatable read, read only`);
    return recounted(db);
  });
  for (const { season, driverIds } of recount.wrong)
    await alertAdmins(ctx, {
      about: `season ${season}`,
      reason: `driver statistics of ${driverIds.join(" ")}`,
      title: `Driver statistics of ${season} are wrong`,
      body: `They are not what the classifications say: ${driverIds.join(", ")}.`,
      data: { season, driverIds },
    });
  return recount;
}

/** Counts in the caller's transaction. */
async function recounted(db: Db): Promise<Recount> {
  const seasons = await db
    .selectDistinct({ year: races.season })
    .from(races)
    .where(and(isNotNull(races.revision), isNull(races.cancelledAt)))
    .orderBy(asc(races.season));
  const wrong: { season: number; driverIds: string[] }[] = [];
  let counted = 0;
  for (const { year } of seasons) {
    const rules = await rulesOfSeason(db, year);
    const wanted = countedStatistics(await runRaces(db, year), rules);
    const served = await servedStatistics(db, year);
    const everybody = [...new Set([...wanted.keys(), ...served.keys()])].toSorted();
    const driverIds = everybody.filter((id) => !isDeepStrictEqual(served.get(id), wanted.get(id)));
    if (driverIds.length > 0) wrong.push({ season: year, driverIds });
    counted += everybody.length;
  }
  return { seasons: seasons.length, drivers: counted, wrong };
}

async function runRaces(db: Db, season: number): Promise<RunRace[]> {
  const run = await db
    .select({ id: races.id, slug: races.slug, revision: races.revision })
    .from(races)
    .where(and(eq(races.season, season), isNull(races.cancelledAt)))
    .orderBy(asc(races.startsAt));
  const told: RunRace[] = [];
  for (const { id, slug, revision } of run)
    if (revision !== null) told.push({ slug, classification: await storedClassification(db, id, revision) });
  return told;
}

/** As they are read for everybody who asks. */
async function servedStatistics(db: Db, season: number) {
  const rules = await rulesOfSeason(db, season);
  const { rows } = await db.execute<{ id: string; points: Tenths; stats: SeasonStatistics }>(sql`
    select ${drivers.id} as id, served.points, served.stats
    from (${seasonStatistics(season, rules)}) served join drivers on drivers.key = served.driver_key`);
  return new Map(rows.map(({ id, points, stats }) => [id, { points, stats }]));
}
