import type { Db } from "@pitwall/db/database";
import { withTx } from "@pitwall/db/database";
import { sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { alertAdmins } from "../internal/admin-alerts.ts";
import { sha256 } from "../internal/digests.ts";
import { rulesOfSeason } from "../internal/race-lookup.ts";
import { actFindings } from "./acts.ts";
import { countedRaces } from "./counted-races.ts";
import { goneFindings, keptLeagues, leagueFindings, memberCountFindings } from "./leagues.ts";
import { fieldedFindings, savedFindings } from "./lineups.ts";
import { type ConsistencyReport, type Finding, inOneLine } from "./report.ts";
import { revisionFindings } from "./revisions.ts";
import { scoringFindings } from "./scorings.ts";
import { standingsFindings } from "./standings.ts";

/**
 * Reckons every score and all standings in force once more, from the stored classifications and what was fielded, and tells
 * the admins of what does not agree, once as long as the same is wrong. Sees one moment of the database, and changes nothing.
 */
export async function checkConsistency(ctx: ServiceContext): Promise<ConsistencyReport> {
  const report = await consistencyOf(ctx.db);
  for (const [season, findings] of Map.groupBy(report.findings, (finding) => finding.season))
    await alert(ctx, season, findings);
  return report;
}

/** The same of any database, telling nobody else. */
export function consistencyOf(whole: Db): Promise<ConsistencyReport> {
  return withTx(whole, async (db) => {
    await db.execute(sql`set transaction isolation level repeatable read, read only`);
    await db.execute(
      sql`select set_config('work_mem', '64MB', true), set_config('random_page_cost', '1.1', true), set_config('jit', 'off', true)`,
    );
    return compared(db);
  });
}

/** Reckons in the caller's transaction. */
export async function compared(db: Db): Promise<ConsistencyReport> {
  const races = await countedRaces(db);
  const findings: Finding[] = [];
  for (const race of races) {
    const rules = await rulesOfSeason(db, race.season);
    findings.push(...(await scoringFindings(db, race, rules)), ...(await standingsFindings(db, race, rules)));
  }
  const newest = new Map(races.map(({ season, buildId }) => [season, buildId]));
  const leagues = await keptLeagues(
    db,
    [...newest.values()].filter((id) => id !== null),
  );
  findings.push(...(await memberCountFindings(db)), ...(await goneFindings(db)));
  for (const league of leagues) findings.push(...(await leagueFindings(db, league)));
  const seasons = await db.execute<{ year: number }>(sql`select year::int as year from seasons order by year`);
  for (const { year } of seasons.rows) findings.push(...(await savedFindings(db, year, await rulesOfSeason(db, year))));
  findings.push(...(await fieldedFindings(db)), ...(await revisionFindings(db)), ...(await actFindings(db)));
  return { races: races.length, leagues: leagues.length, findings };
}

/** As many as fit into a notification. */
const NAMED = 10;

async function alert(ctx: ServiceContext, season: number | null, findings: readonly Finding[]): Promise<void> {
  const what = findings.map(({ fault, where }) => `${fault} ${where}`).toSorted();
  const more = findings.length > NAMED ? [`and ${findings.length - NAMED} more`] : [];
  await alertAdmins(ctx, {
    about: season === null ? "all seasons" : `season ${season}`,
    reason: `inconsistent ${sha256(what.join("\n")).slice(0, 16)}`,
    title: season === null ? "The records do not agree" : `The standings of ${season} do not agree with the ledger`,
    body: `Nothing was changed. ${[...findings.slice(0, NAMED).map(inOneLine), ...more].join("; ")}.`,
    data: { season, findings: findings.length },
  });
}
