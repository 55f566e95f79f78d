import { digest, type Examples, ids } from "./examples.ts";

const melbourne = { season: 2026, slug: "australian-grand-prix" };

const run = {
  id: ids.run,
  task: "check-result",
  payload: { raceId: "01990c2c-0f1e-7d2c-8b3a-495867768594" },
  attempt: 1,
  outcome: "done",
  error: null,
  startedAt: "2026-03-08T14:30:00.000Z",
  endedAt: "2026-03-08T14:30:05.000Z",
  tookMs: 5000,
  worker: ids.worker,
};

const digests = { digestIn: digest, digestOut: digest };

export const operations: Examples = {
  shapes: {
    JobRun: run,
    JobState: {
      task: "check-result",
      schedule: null,
      waiting: 0,
      running: 0,
      failed: 0,
      nextRunAt: null,
      lastRun: run,
      lastFailure: null,
      failuresInARow: 0,
      took: { mean: 4200, most: 9100 },
    },
    Worker: {
      id: ids.worker,
      host: "pitwall-1",
      pid: 42,
      startedAt: "2026-03-01T00:00:00.000Z",
      seenAt: "2026-03-08T14:30:05.000Z",
    },
    Queued: { task: "check-result", payload: { raceId: "01990c2c-0f1e-7d2c-8b3a-495867768594" }, workers: 1 },
    FeedState: {
      ...melbourne,
      name: "Australian Grand Prix",
      stage: "recorded",
      phase: "checking",
      revision: 1,
      recordedAt: "2026-03-08T14:30:04.000Z",
      revisions: [{ revision: 1, recordedAt: "2026-03-08T14:30:04.000Z", source: "jolpica" }],
      checksPassed: 0,
      checksWanted: 3,
      nextLookAt: "2026-03-09T14:30:04.000Z",
      lastLook: { at: "2026-03-08T14:30:04.000Z", outcome: "recorded", reason: null, remark: null },
      troubles: null,
      held: [],
    },
    Rescored: {
      ...melbourne,
      revision: 1,
      stored: digests,
      found: digests,
      drivers: 0,
      lineups: 0,
      teams: 0,
      rebuilt: false,
    },
    AuditRow: {
      id: 17,
      at: "2026-03-10T09:00:00.000Z",
      actor: ids.anna,
      act: "change_user",
      subject: ids.ben,
      detail: { tier: { from: "standard", to: "premium" } },
    },
    SeasonSync: {
      season: 2026,
      at: "2026-03-09T04:00:00.000Z",
      source: "jolpica",
      outcome: "done",
      reason: null,
      changes: {
        races: { added: [], changed: ["chinese-grand-prix"], cancelled: [], reinstated: [] },
        constructors: { added: [], changed: [] },
        drivers: { added: [], changed: [], priced: [] },
      },
    },
  },
  requests: {
    "admin.runJob": { payload: { raceId: "01990c2c-0f1e-7d2c-8b3a-495867768594" } },
  },
  answers: {
    "admin.heldBody": {
      ...melbourne,
      id: 7,
      reasons: ["The race lists only 9 cars; at least 10 are expected."],
      firstHeldAt: "2026-03-08T06:30:00.000Z",
      lastHeldAt: "2026-03-08T07:30:00.000Z",
      times: 2,
      body: '{"MRData":{"total":"9"}}',
    },
    "admin.checkRace": { ...melbourne, lookAt: "2026-03-08T14:30:00.000Z", waitsBecause: null },
  },
};
