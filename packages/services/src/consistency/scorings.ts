import type { Db } from "@pitwall/db/database";
import { driverScores, drivers } from "@pitwall/db/schema";
import { scoredFacts } from "@pitwall/domain/classifications";
import type { Ruleset } from "@pitwall/domain/rulesets";
import { type DriverScore, type ScoreLine, scoreDrivers } from "@pitwall/domain/scoring";
import { eq, type SQL, sql } from "drizzle-orm";
import { sha256 } from "../internal/digests.ts";
import { digestOfInput, digestOfScores } from "../internal/score-race.ts";
import { storedClassification } from "../internal/stored-classifications.ts";
import type { CountedRace } from "./counted-races.ts";
import { type Finding, found, points } from "./report.ts";

/** Scores a race's stored classification again by the pure rules, and its line-ups from there. */
export async function scoringFindings(db: Db, race: CountedRace, rules: Ruleset): Promise<Finding[]> {
  const classification = await storedClassification(db, race.id, race.revision);
  const recorded = sha256(scoredFacts(classification, rules));
  const findings = found("revision.digest", race, Number(recorded !== race.revisionDigest));
  if (race.runId === null) return [...findings, ...found("scoring.missing", race, 1)];
  const scores = scoreDrivers(classification, rules);
  return [
    ...findings,
    ...found("scoring.input", race, Number(digestOfInput(classification, rules) !== race.digestIn)),
    ...found("scoring.output", race, Number(digestOfScores(scores) !== race.digestOut)),
    ...(await driverFindings(db, race, race.runId, scores)),
    ...(await lineupFindings(db, race, race.runId, rules)),
  ];
}

async function driverFindings(
  db: Db,
  race: CountedRace,
  runId: number,
  scores: readonly DriverScore[],
): Promise<Finding[]> {
  const stored = await db
    .select({ driverId: drivers.id, points: driverScores.points, lines: driverScores.lines })
    .from(driverScores)
    .innerJoin(drivers, eq(drivers.key, driverScores.driverKey))
    .where(eq(driverScores.runId, runId));
  const wanted = new Map(scores.map((score) => [score.driverId, inOneWord(score)]));
  const known = new Map(stored.map((score) => [score.driverId, inOneWord(score)]));
  const wrong = [...new Set([...wanted.keys(), ...known.keys()])].filter((id) => wanted.get(id) !== known.get(id));
  return found("scoring.drivers", race, wrong.length, wrong[0] ?? null);
}

/** The database keeps a line's fields in an order of its own. */
function inOneWord(score: Pick<DriverScore, "points" | "lines">): string {
  const line = ({ session, rule, detail, points }: ScoreLine) => [session, rule, detail, points];
  return JSON.stringify([score.points, score.lines.map(line)]);
}

async function lineupFindings(db: Db, race: CountedRace, runId: number, rules: Ruleset): Promise<Finding[]> {
  const { rows } = await db.execute<{ lineupId: number; stored: number | null; points: number; count: number }>(sql`
    select reckoned.lineup_id as "lineupId", kept.points as stored, reckoned.points::float8 as points, count(*) over ()::int as count
    from (${reckonedLineups(race.id, runId, rules)}) reckoned
    left join lineup_scores kept on kept.run_id = ${runId} and kept.lineup_id = reckoned.lineup_id
    where kept.points is distinct from reckoned.points
    order by reckoned.lineup_id limit 1`);
  const [wrong] = rows;
  if (!wrong) return [];
  const example = `line-up ${wrong.lineupId}: ${points(wrong.stored)} in place of ${points(wrong.points)}`;
  return found("scoring.lineups", race, wrong.count, example);
}

/** Each line-up fielded in a race with its points, from the points of its drivers, each times its own factor. */
export function reckonedLineups(raceId: number, runId: number, { captainMultiplier }: Ruleset): SQL {
  return sql`
    select lineup.id as lineup_id,
      sum(coalesce(score.points, 0) * case when picked.key = lineup.captain then ${captainMultiplier}::numeric / 10 else 1 end) as points
    from (select distinct lineup_id from fielded where race_id = ${raceId}) chosen
    join lineups lineup on lineup.id = chosen.lineup_id
    cross join lateral unnest(lineup.drivers) picked (key)
    left join driver_scores score on score.run_id = ${runId} and score.driver_key = picked.key
    group by lineup.id`;
}
