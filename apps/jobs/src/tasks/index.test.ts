import { CRON, type JobName, jobs } from "@pitwall/services/jobs";
import { describe, expect, test } from "vitest";
import { acts, aRace, act as done, stateOf, timeless } from "../acts.fixture.ts";
import type { Stage } from "../stage.fixture.ts";
import { tasks } from "./index.ts";

describe.each(acts)("%s (corrected: %s)", (name, recorded) => {
  const act = (stage: Stage) => done(stage, name);

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

test("every job of the catalogue is done, and nothing else", () => {
  expect(Object.keys(tasks).toSorted()).toEqual(Object.keys(jobs).toSorted());
});

test("what the clock says carries nothing", () => {
  const said = Object.keys(CRON).filter((name): name is JobName => name in jobs);
  expect(said.length).toBeGreaterThan(2);
  for (const task of said) expect(jobs[task].safeParse({})).toMatchObject({ success: true });
});
