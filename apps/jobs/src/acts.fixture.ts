import type { JobName } from "@pitwall/services/jobs";
import { aStage, LAS_VEGAS, type Stage } from "./stage.fixture.ts";
import type { JobContext } from "./tasks/context.ts";
import { runTask } from "./worker.ts";

const teams = {
  Papaya: ["norris", "piastri", "russell", "antonelli", "leclerc"],
  "Red Bull": ["max_verstappen", "russell", "antonelli", "leclerc", "sainz"],
};

/** Everything that a player or an admin could tell apart, without the numbers that rows happen to get. */
export async function stateOf({ pool }: Stage): Promise<unknown> {
  const queries = {
    races: "select slug, locked_at is not null as locked, revision, recorded_at, looked_at from races order by slug",
    fielded: "select team.name, fielded.lineup_id from fielded join teams team on team.id = team_id order by 1",
    revisions: "select n, digest, diff, recorded_at from revisions order by n",
    cars: "select count(*)::int as n, sum(points)::int as points from classifications",
    runs: "select revision, digest_in, digest_out from scoring_runs order by revision",
    lineups: "select lineup_id, points from lineup_scores order by 1, 2",
    builds: "select count(*)::int as n from standings_builds",
    standings: `select team.name, total, best from standings join teams team on team.id = team_id
      join races on races.build_id = standings.build_id order by 1`,
    told: "select type, revision, title, body from broadcasts order by 1, 2",
    notes: "select type, title, body from notifications order by body",
    corrections:
      "select revision, run_after > run_before as ran, build_after > build_before as built, teams_affected from corrections order by 1",
    queue: "select task_identifier, key from graphile_worker.jobs order by 1, 2",
  };
  const tables = Object.entries(queries).map(async ([name, query]) => [name, (await pool.query(query)).rows]);
  return Object.fromEntries(await Promise.all(tables));
}

/** After the flag. */
const HOUR_OF_ACTS = 28.5;

/** A race that has locked and whose result is out; with a result that is about to be corrected if `recorded`. */
export async function aRace(recorded: boolean): Promise<Stage> {
  const stage = await aStage({ teams });
  if (recorded) {
    stage.turnTo(3.5);
    await runTask(stage.ctx, "check-result", { raceId: await stage.raceId(LAS_VEGAS) });
  } else {
    await stage.pool.query("update races set lock_at = clock_timestamp()");
  }
  stage.turnTo(HOUR_OF_ACTS);
  return stage;
}

/** Each on a race whose result is new, or about to be corrected. */
export const acts = [
  ["lock-races", false],
  ["watch-results", false],
  ["check-result", false],
  ["check-result", true],
] as const;

export async function act(stage: Stage, name: JobName, ctx: JobContext = stage.ctx): Promise<void> {
  const payload = name === "check-result" ? { raceId: await stage.raceId(LAS_VEGAS) } : {};
  await runTask(ctx, name, payload);
}

/** Stages begin at different hours. */
export function timeless(state: unknown): unknown {
  return JSON.parse(JSON.stringify(state).replaceAll(/"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, '"then"'));
}
