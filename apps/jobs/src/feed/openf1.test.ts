import { DAY } from "@pitwall/domain/durations";
import { feedStates } from "@pitwall/services/results/feed";
import { expect, test } from "vitest";
import { aStage, SEASON, type Stage } from "../stage.fixture.ts";
import { runTask } from "../worker.ts";
import { unlimited } from "./budget.ts";
import { openClient } from "./client.ts";
import { anOpenF1, aResultRow, aSession } from "./openf1.fixture.ts";
import { openF1 } from "./openf1.ts";

const START = new Date("2026-06-07T13:00:00Z");
const MONACO = { season: 2026, startsAt: START };

const witness = ({ baseUrl }: { readonly baseUrl: string }) =>
  openF1(openClient({ baseUrl, userAgent: "pitwall-test", budget: unlimited, pauses: [] }));

test("an order is read, whatever its gaps are made of, in two questions", async () => {
  const feed = await anOpenF1({
    sessions: [aSession(new Date(START.getTime() - 7 * DAY), { session_key: 1 }), aSession(START)],
    result: [
      aResultRow(12, 1, { gap_to_leader: 0 }),
      aResultRow(6, 2, { gap_to_leader: "+1 LAP", duration: null }),
      aResultRow(81, null, { dnf: true, gap_to_leader: null, duration: [81.2, null, null] }),
      aResultRow(44, null, { dsq: true, gap_to_leader: [1, 2, 3], points: undefined }),
      { driver_number: 18 },
    ],
  });
  expect(await witness(feed).testimonyOf(MONACO)).toEqual({
    kind: "order",
    cars: [
      { number: 12, position: 1, isDisqualified: false },
      { number: 6, position: 2, isDisqualified: false },
      { number: 81, position: null, isDisqualified: false },
      { number: 44, position: null, isDisqualified: true },
      { number: 18, position: null, isDisqualified: false },
    ],
  });
  expect(feed.asked).toEqual(["/v1/sessions?year=2026&session_name=Race", "/v1/session_result?session_key=11299"]);
});

test.each<[string, Parameters<typeof anOpenF1>[0], object]>([
  ["has no order yet", { sessions: [aSession(START)] }, { kind: "none_yet", endsAt: new Date("2026-06-07T15:00:00Z") }],
  [
    "knows no race on that day",
    { sessions: [aSession(new Date(START.getTime() + 2 * DAY))] },
    { reason: "it knows no race on that day" },
  ],
  [
    "knows a sprint only",
    { sessions: [aSession(START, { session_name: "Sprint" })] },
    { reason: "it knows no race on that day" },
  ],
  [
    "says it was cancelled",
    { sessions: [aSession(START, { is_cancelled: true })] },
    { reason: "it says that the race was cancelled" },
  ],
  [
    "lets nobody in while a session is live",
    { status: 401, sessions: { detail: "Live F1 session in progress." } },
    { reason: "The source answered 401." },
  ],
  ["stumbles", { status: 500, sessions: "Traceback" }, { reason: "The source answered 500." }],
  ["tells something else", { sessions: { detail: "moved" } }, { reason: expect.stringContaining("another shape") }],
  [
    "numbers its cars in words",
    { sessions: [aSession(START)], result: [aResultRow(1, 1, { driver_number: "one" })] },
    { reason: expect.stringContaining("another shape") },
  ],
])("it %s", async (_, said, testimony) => {
  const feed = await anOpenF1(said);
  expect(await witness(feed).testimonyOf(MONACO)).toMatchObject({
    ...("reason" in testimony && { kind: "silent" }),
    ...testimony,
  });
});

async function remark({ ctx }: Stage): Promise<string | null | undefined> {
  return (await feedStates(ctx, { season: SEASON })).items[0]?.lastLook?.remark;
}

test("beside a source that is silent it is heard, beside one that speaks compared, and nothing follows from it", async () => {
  const stage = await aStage();
  const { startsAt } = await stage.race();
  const feed = await anOpenF1({ sessions: [aSession(startsAt)] });
  const ctx = { ...stage.ctx, witness: witness(feed) };
  const look = async (hour: number) => {
    stage.turnTo(hour);
    await runTask(ctx, "check-result", { raceId: await stage.raceId("las-vegas-grand-prix") });
    return remark(stage);
  };
  expect(await look(0.4)).toBeUndefined();
  expect(feed.asked).toEqual([]);
  expect(await look(0.5)).toMatch(/^OpenF1 has (the race end at|no order yet either)/);
  feed.say({ result: [aResultRow(4, 2), aResultRow(1, 1)] });
  expect(await look(1.5)).toBe("OpenF1 lists an order of 2, led by Verstappen.");
  expect(await stage.race()).toMatchObject({
    result: { revision: null, waitsBecause: "the source has no result yet" },
  });
  expect(await look(3.5)).toMatch(/^OpenF1 disagrees: .* not listed, here 3; .*; and \d+ more\.$/);
  feed.say({ status: 401 });
  expect(await look(27.5)).toBe("OpenF1 says nothing: The source answered 401.");
  expect(await stage.race()).toMatchObject({ result: { revision: 2 } });
});
