import { isDeepStrictEqual } from "node:util";
import type { Db } from "@pitwall/db/database";
import { driverScores, drivers, scoringRuns } from "@pitwall/db/schema";
import { type Classification, scoredFacts } from "@pitwall/domain/classifications";
import type { Ruleset } from "@pitwall/domain/rulesets";
import { type DriverScore, scoreDrivers } from "@pitwall/domain/scoring";
import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
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
function lineupRows(runId: number, { raceId, rules }: Pick<RevisionToScore, "raceId" | "rules">): SQL {
  const pointsOf = (key: SQL) => sql`scored.by_key[${key}]`;
  const five = Array.from({ length: rules.lineup.size }, (_, n) =>
    pointsOf(sql`lineup.drivers[${sql.raw(`${n + 1}`)}]`),
  );
  return sql`
    with scored as materialized (
      select array_agg(coalesce(points, 0) order by key) as by_key
      from generate_series(1, (select max(key)::int from drivers)) key
      left join driver_scores on run_id = ${runId} and driver_key = key
    )
    select ${runId}::int as run_id, lineup.id as lineup_id,
      ${sql.join(five, sql` + `)} + ${pointsOf(sql`lineup.captain`)} * (${rules.captainMultiplier}::int - 10) / 10 as points
    from scored, (select distinct lineup_id from fielded where race_id = ${raceId}) chosen
    join lineups lineup on lineup.id = chosen.lineup_id`;
}

async function scoreLineups(db: Db, runId: number, input: Pick<RevisionToScore, "raceId" | "rules">): Promise<void> {
  await db.execute(sql`insert into lineup_scores (run_id, lineup_id, points) ${lineupRows(runId, input)}`);
  // Whoever joins these rows in this very transaction needs the planner to know how many there are.
  await db.execute(sql`analyze lineup_scores`);
}

interface Digests {
  readonly digestIn: string;
  readonly digestOut: string;
}

/** What scoring a revision again came to: nothing of it differs, or what is stored has been put right. */
export interface ScoredAgain {
  readonly stored: Digests;
  readonly found: Digests;
  /** How many drivers and line-ups had other points than they should. */
  readonly drivers: number;
  readonly lineups: number;
}

/** Scores a revision again from the facts that are stored, and writes down only what differs. */
export async function scoreAgain(db: Db, input: Omit<RevisionToScore, "scoredAt">): Promise<ScoredAgain> {
  const { raceId, revision, classification, rules } = input;
  const [run] = await db
    .select()
    .from(scoringRuns)
    .where(and(eq(scoringRuns.raceId, raceId), eq(scoringRuns.revision, revision)));
  if (!run) throw new Error(`revision ${revision} of race ${raceId} was never scored`);
  const scores = scoreDrivers(classification, rules);
  const found = { digestIn: digestOfInput(classification, rules), digestOut: digestOfScores(scores) };
  const stored = { digestIn: run.digestIn, digestOut: run.digestOut };
  const off = await driversOff(db, run.id, scores);
  if (off > 0) {
    await db.delete(driverScores).where(eq(driverScores.runId, run.id));
    await storeDriverScores(db, run.id, scores);
  }
  const lineups = await lineupsOff(db, run.id, input);
  if (lineups > 0) {
    await db.execute(sql`delete from lineup_scores where run_id = ${run.id}`);
    await scoreLineups(db, run.id, input);
  }
  if (!isDeepStrictEqual(stored, found)) await db.update(scoringRuns).set(found).where(eq(scoringRuns.id, run.id));
  return { stored, found, drivers: off, lineups };
}

async function driversOff(db: Db, runId: number, scores: readonly DriverScore[]): Promise<number> {
  const rows = await db
    .select({ driverId: drivers.id, points: driverScores.points, lines: driverScores.lines })
    .from(driverScores)
    .innerJoin(drivers, eq(drivers.key, driverScores.driverKey))
    .where(eq(driverScores.runId, runId));
  const stored = new Map(rows.map((row) => [row.driverId, row]));
  const wrong = scores.filter(({ driverId, points, lines }) => {
    const row = stored.get(driverId);
    return !(row && isDeepStrictEqual(row, { driverId, points, lines: [...lines] }));
  });
  return wrong.length + rows.filter((row) => !scores.some(({ driverId }) => driverId === row.driverId)).length;
}

async function lineupsOff(db: Db, runId: number, input: Pick<RevisionToScore, "raceId" | "rules">): Promise<number> {
  const { rows } = await db.execute<{ off: number }>(sql`
    select count(*)::int as off from (${lineupRows(runId, input)}) due
    full join (select lineup_id, points from lineup_scores where run_id = ${runId}) stored using (lineup_id)
    where due.points is distinct from stored.points`);
  return rows[0]?.off ?? 0;
}
