import { CRON, type JobName, jobs } from "@pitwall/services/jobs";
import { describe, expect, test } from "vitest";
import { aStage, LAS_VEGAS, type Stage } from "../stage.fixture.ts";
import { runTask } from "../worker.ts";
import { tasks } from "./index.ts";

const teams = {
  Papaya: ["norris", "piastri", "russell", "antonelli", "leclerc"],
  "Red Bull": ["max_verstappen", "russell", "antonelli", "leclerc", "sainz"],
};

/** Everything that a player or an admin could tell apart, without the numbers that rows happen to get. */
async function stateOf({ pool }: Stage): Promise<unknown> {
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
      "select revision, run_before, run_after, build_before, build_after, teams_affected from corrections order by 1",
    queue: "select task_identifier, key from graphile_worker.jobs order by 1, 2",
  };
  const tables = Object.entries(queries).map(async ([name, query]) => [name, (await pool.query(query)).rows]);
  return Object.fromEntries(await Promise.all(tables));
}

/** A race that has locked and whose result is out; with a result that is about to be corrected if `recorded`. */
async function aRace(recorded: boolean): Promise<Stage> {
  const stage = await aStage({ teams });
  if (recorded) {
    stage.turnTo(3.5);
    await runTask(stage.ctx, "check-result", { raceId: await stage.raceId(LAS_VEGAS) });
  } else {
    await stage.pool.query("update races set lock_at = clock_timestamp()");
  }
  stage.turnTo(28.5);
  return stage;
}

const acts = [
  ["lock-races", false],
  ["watch-results", false],
  ["check-result", false],
  ["check-result", true],
] as const;

describe.each(acts)("%s (corrected: %s)", (name, recorded) => {
  async function act(stage: Stage): Promise<void> {
    const payload = name === "check-result" ? { raceId: await stage.raceId(LAS_VEGAS) } : {};
    await runTask(stage.ctx, name, payload);
  }

  test("gives the same database twice in sequence and twice in parallel as once", async () => {
    const [once, twice, parallel] = await Promise.all([aRace(recorded), aRace(recorded), aRace(recorded)]);
    const before = await stateOf(once);
    await act(once);
    const after = await stateOf(once);
    expect(after).not.toEqual(before);

    await act(twice);
    await act(twice);
    await Promise.all([act(parallel), act(parallel)]);
    for (const stage of [twice, parallel]) expect(timeless(await stateOf(stage))).toEqual(timeless(after));
    await act(once);
    expect(await stateOf(once)).toEqual(after);
  });
});

/** Stages begin at different hours. */
function timeless(state: unknown): unknown {
  return JSON.parse(JSON.stringify(state).replaceAll(/"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, '"then"'));
}

test("every job of the catalogue is done, and nothing else", () => {
  expect(Object.keys(tasks).toSorted()).toEqual(Object.keys(jobs).toSorted());
});

test("what the clock says carries nothing", () => {
  const said = Object.keys(CRON).filter((name): name is JobName => name in jobs);
  expect(said.length).toBeGreaterThan(2);
  for (const task of said) expect(jobs[task].safeParse({})).toMatchObject({ success: true });
});
