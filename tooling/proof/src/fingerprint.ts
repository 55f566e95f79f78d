import { createHash } from "node:crypto";
import type { Db } from "@pitwall/db/database";
import { sql } from "drizzle-orm";

/**
 * Stands for every score, total and rank in force, whatever they were called on the way: two moments with the same one are
 * the same to whoever plays.
 */
export async function fingerprint(db: Db): Promise<string> {
  const { rows } = await db.execute<{ line: string }>(sql`
    with counted as (
      select race.*, run.id as run_id from races race
      join scoring_runs run on run.race_id = race.id and run.revision = race.revision where race.cancelled_at is null
    )
    select concat_ws(' ', season, slug, driver.id, points, lines) as line
    from counted join driver_scores using (run_id) join drivers driver on driver.key = driver_key
    union all
    select concat_ws(' ', season, slug, placed.team_id, placed.race_points, placed.total, placed.best, step.above, race_step.above)
    from counted join standings placed using (build_id)
    join rank_steps step on step.build_id = placed.build_id and step.total = placed.total
    join race_rank_steps race_step on race_step.build_id = placed.build_id and race_step.race_points = placed.race_points
    order by line`);
  const hash = createHash("sha256");
  for (const { line } of rows) hash.update(`${line}\n`);
  return hash.digest("hex");
}
