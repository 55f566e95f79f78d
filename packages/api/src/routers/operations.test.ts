import { enqueue } from "@pitwall/services/jobs";
import { test } from "@pitwall/testing/database";
import { describe, expect } from "vitest";
import { aCaller, aScoredRace } from "../play.fixture.ts";

describe("an admin's view of the work", () => {
  test("tells of tasks, of attempts and of races", async ({ database: { db } }) => {
    const { season, race } = await aScoredRace(db);
    const { caller } = await aCaller(db, { role: "admin" });
    await enqueue({ db }, "build-leagues", { season }, "waits");
    const { items } = await caller.admin.jobs();
    expect(items.find(({ task }) => task === "build-leagues")).toMatchObject({ waiting: 1, schedule: null });
    expect(await caller.admin.jobRuns({ task: "build-leagues", outcome: "failed" })).toMatchObject({ items: [] });
    expect((await caller.admin.feed({ season })).items).toMatchObject([
      { slug: race.slug, stage: "recorded", checksWanted: 3, revisions: [{ revision: 1 }], held: [] },
    ]);
  });

  test("has a race scored again, and its source asked", async ({ database: { db } }) => {
    const { season, race } = await aScoredRace(db);
    const { caller } = await aCaller(db, { role: "admin" });
    const name = { season, slug: race.slug };
    const again = await caller.admin.rescoreRace(name);
    expect(again).toMatchObject({ ...name, revision: 1, drivers: 0, lineups: 0, teams: 0, rebuilt: false });
    expect(again.found).toEqual(again.stored);
    expect(await caller.admin.rescoreSeason({ season })).toEqual({ items: [again] });
    await expect(caller.admin.checkRace(name)).rejects.toMatchObject({
      fault: { status: 422, reason: "results.too_early" },
    });
  });
});

describe("a task that is asked for", () => {
  test("is queued with a payload that fits, and no other", async ({ database: { db } }) => {
    const { caller } = await aCaller(db, { role: "admin" });
    const asked = { task: "build-leagues", payload: { season: 2026 } } as const;
    expect(await caller.admin.runJob(asked)).toEqual({ ...asked, workers: 0 });
    expect(await caller.admin.runJob({ task: "lock-races" })).toMatchObject({ payload: {} });
    const faulty = { task: "build-leagues", payload: { season: "all" } } as const;
    await expect(caller.admin.runJob(faulty)).rejects.toMatchObject({
      fault: { status: 400, errors: [{ field: "payload.season" }] },
    });
  });

  test("is no business of users", async ({ database: { db } }) => {
    const { caller } = await aCaller(db);
    await expect(caller.admin.runJob({ task: "lock-races" })).rejects.toMatchObject({
      fault: { status: 403, reason: "auth.admin_only" },
    });
  });
});
