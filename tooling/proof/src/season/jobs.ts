import { SECOND } from "@pitwall/domain/durations";
import { runTask } from "@pitwall/jobs/worker";
import type { JobName } from "@pitwall/services/jobs";
import { newLooks } from "./looks.ts";
import type { Death } from "./mortal.ts";
import type { Run } from "./run.ts";
import { troubles } from "./upstream.ts";

interface Job {
  readonly name: JobName;
  readonly payload: unknown;
}

/** How much goes wrong with jobs: nothing, or all that can. */
export type Weather = "calm" | "troubled";

/** The clock strikes: its jobs and those that they queue are done, or lost, or done twice, in whatever order. */
export async function theClockStrikes(run: Run, weather: Weather): Promise<void> {
  const { chance, upstream } = run;
  const isTroubled = weather === "troubled";
  upstream.trouble = isTroubled && chance.happens(0.4) ? (chance.of(troubles) ?? null) : null;
  const ticks: Job[] = [
    { name: "lock-races", payload: {} },
    { name: "watch-results", payload: {} },
  ];
  await inAnyOrder(run, ticks, isTroubled);
  await inAnyOrder(run, await takenFromQueue(run), isTroubled);
}

/** Looks at a race whatever is due, and says what came of it. */
export async function lookAgain(run: Run, raceId: number): Promise<string | undefined> {
  run.upstream.trouble = null;
  await done(run, { name: "check-result", payload: { raceId, anyway: true } }, null);
  return run.lastLook.outcome;
}

async function inAnyOrder(run: Run, jobs: readonly Job[], isTroubled: boolean): Promise<void> {
  const { chance, tally } = run;
  for (const job of isTroubled ? chance.shuffled(jobs) : jobs) {
    const fate = isTroubled ? chance.below(10) : 9;
    if (fate === 0) {
      tally["lost jobs"] += 1;
      note(run, job, "is lost");
      continue;
    }
    await done(run, job, deathOf(run, job, isTroubled));
    if (fate > 2) continue;
    tally["doubled jobs"] += 1;
    note(run, job, "comes again");
    await done(run, job, deathOf(run, job, isTroubled));
  }
}

function deathOf({ chance, isPerilous }: Run, { name }: Job, isTroubled: boolean): Death | null {
  if (!isPerilous || !isTroubled || !chance.happens(0.3)) return null;
  return chance.happens(0.3) ? "unheard" : 1 + chance.below(name === "check-result" ? 60 : 8);
}

async function done(run: Run, job: Job, death: Death | null): Promise<void> {
  const isAlive = await run.worker.survives(death, (process) => runTask(run.clockIn(process), job.name, job.payload));
  if (!isAlive) {
    run.tally.crashes += 1;
    note(run, job, death === "unheard" ? "dies without hearing of its commit" : `dies before its statement ${death}`);
  }
  if (job.name === "check-result") await newLooks(run);
}

function note({ journal, world }: Run, { name }: Job, words: string): void {
  journal.note(world.now(), `the job ${name} ${words}`);
}

/** What is due and of interest; the rest of the queue is of none here. */
async function takenFromQueue({ world }: Run): Promise<Job[]> {
  const { rows } = await world.database.pool.query<Job>({
    ...{ name: "take", text: TAKE },
    values: [new Date(world.now().getTime() + SECOND)],
  });
  return rows;
}

const TAKE = `
  with taken as (
    delete from graphile_worker._private_jobs job using graphile_worker._private_tasks task
    where task.id = job.task_id and not (task.identifier = 'check-result' and job.run_at > $1)
    returning job.id, task.identifier as name, job.payload
  )
  select name, payload from taken where name in ('check-result', 'build-leagues', 'build-league') order by id`;
