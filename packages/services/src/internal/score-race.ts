import type { Db } from "@pitwall/db/database";
import { driverScores, drivers, scoringRuns } from "@pitwall/db/schema";
import { type Classification, scoredFacts } from "@pitwall/domain/classifications";
import type { Ruleset } from "@pitwall/domain/rulesets";
import { type DriverScore, scoreDrivers } from "@pitwall/domain/scoring";
import { inArray, type SQL, sql } from "drizzle-orm";
import { sha256 } from "./digests.ts";

export interface RevisionToScore {
  readonly raceId: number;
  readonly revision: number;
  readonly classification: Classification;
  readonly rules: Ruleset;
  readonly scoredAt: Date;
}

/**
 * Scores a revision: its drivers by the pure rules, then every line-up fielded in the race from theirs. Line-ups are
 * shared by teams, so this costs the same for ten teams as for a million. Answers the run's id.
 */
export async function scoreRevision(db: Db, input: RevisionToScore): Promise<number> {
  const startedAt = performance.now();
  const scores = scoreDrivers(input.classification, input.rules);
  const [run] = await db
    .insert(scoringRuns)
    .values({
      raceId: input.raceId,
      revision: input.revision,
      ruleSetId: input.rules.id,
      digestIn: digestOfInput(input.classification, input.rules),
      digestOut: digestOfScores(scores),
      tookMs: 0,
      scoredAt: input.scoredAt,
    })
    .returning({ id: scoringRuns.id });
  if (!run) throw new Error("a new scoring run came back without its row");
  await storeDriverScores(db, run.id, scores);
  await scoreLineups(db, run.id, input);
  await db
    .update(scoringRuns)
    .set({ tookMs: Math.round(performance.now() - startedAt) })
    .where(sql`${scoringRuns.id} = ${run.id}`);
  return run.id;
}

export function digestOfInput(classification: Classification, rules: Ruleset): string {
  return sha256(`${JSON.stringify(rules)}\n${scoredFacts(classification, rules)}`);
}

export function digestOfScores(scores: readonly DriverScore[]): string {
  return sha256(JSON.stringify(scores));
}

async function storeDriverScores(db: Db, runId: number, scores: readonly DriverScore[]): Promise<void> {
  const known = await db
    .select({ id: drivers.id, key: drivers.key })
    .from(drivers)
    .where(
      inArray(
        drivers.id,
        scores.map((score) => score.driverId),
      ),
    );
  const keys = new Map(known.map((driver) => [driver.id, driver.key]));
  await db.insert(driverScores).values(
    scores.map((score) => {
      const driverKey = keys.get(score.driverId);
      if (driverKey === undefined) throw new Error(`${score.driverId} scored but is not stored`);
      return { runId, driverKey, points: score.points, lines: [...score.lines] };
    }),
  );
}

/**
 * The points of all drivers lie in one array by key, so that a line-up is five looks into it and no join. The captain's share
 * beside the sum of five: multiplier − 1, in tenths.
 */
async function scoreLineups(db: Db, runId: number, { raceId, rules }: RevisionToScore): Promise<void> {
  const pointsOf = (key: SQL) => sql`scored.by_key[${key}]`;
  const five = Array.from({ length: rules.lineup.size }, (_, n) =>
    pointsOf(sql`lineup.drivers[${sql.raw(`${n + 1}`)}]`),
  );
  await db.execute(sql`
    with scored as materialized (
      select array_agg(coalesce(points, 0) order by key) as by_key
      from generate_series(1, (select max(key)::int from drivers)) key
      left join driver_scores on run_id = ${runId} and driver_key = key
    )
    insert into lineup_scores (run_id, lineup_id, points)
    select ${runId}::int, lineup.id,
      ${sql.join(five, sql` + `)} + ${pointsOf(sql`lineup.captain`)} * (${rules.captainMultiplier}::int - 10) / 10
    from scored, (select distinct lineup_id from fielded where race_id = ${raceId}) chosen
    join lineups lineup on lineup.id = chosen.lineup_id`);
  // Whoever joins these rows in this very transaction needs the planner to know how many there are.
  await db.execute(sql`analyze lineup_scores`);
}
