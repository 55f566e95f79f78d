import { commands } from "@pitwall/ops/commands";
import "@pitwall/rig/provided";
import { describe, expect, inject, test } from "vitest";
import { catalogue } from "./catalogue.ts";
import { sampled } from "./sampled.ts";
import { scripts } from "./starts.ts";
import { mutations, story } from "./story.ts";
import { sweep } from "./swept.ts";
import { allTasks, READ_ONLY_TASKS, stagedTasks } from "./tasks.ts";

const SEED = 1;

/** These are cut at every message. */
const WHOLLY = ["lock-races", "watch-results", "check-result (corrected)"];

/** The others have tests of their own, or take long: the command sweeps them all. */
const SHORT = [...WHOLLY, "check-result (new)", "sync-season", "build-league", "first admin", story.name];

describe("the catalogue of all that is written", () => {
  test("has every mutation of the API", () => {
    expect(mutations.length).toBeGreaterThan(40);
    expect(story.paths.map(({ name }) => name).toSorted()).toEqual(mutations.toSorted());
  });

  test("has every task of the clock and every script of the operators", () => {
    expect([...stagedTasks, ...READ_ONLY_TASKS].toSorted()).toEqual(allTasks.toSorted());
    expect([...scripts, "users"].toSorted()).toEqual(Object.keys(commands).toSorted());
  });
});

test.each(catalogue.filter(({ name }) => SHORT.includes(name)))(
  "$name leaves all or nothing wherever it dies, and is done once by whoever does it again",
  async (scene) => {
    const chosen = WHOLLY.includes(scene.name) ? () => () => true : sampled(SEED, 1);
    const swept = await sweep(inject("databaseServer"), inject("databaseTemplate"), scene, chosen);
    expect(swept.flatMap(({ faults }) => faults)).toEqual([]);
    expect(swept.reduce((all, { deaths }) => all + deaths, 0)).toBeGreaterThanOrEqual(scene.paths.length);
  },
);
