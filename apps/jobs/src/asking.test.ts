import { expect, test } from "vitest";
import { AskingError, askedTask } from "./asking.ts";

test.each([
  [["watch-results"], { name: "watch-results", payload: {} }],
  [["lock-races", "{}"], { name: "lock-races", payload: {} }],
  [["check-result", '{"raceId": 7}'], { name: "check-result", payload: { raceId: 7 } }],
])("%j is a task", (words, asked) => {
  expect(askedTask(words)).toEqual(asked);
});

test.each([
  ["no task", [], "Usage: "],
  ["an unknown task", ["make-coffee"], 'There is no task "make-coffee".'],
  ["a name that every object has", ["constructor"], 'There is no task "constructor".'],
  ["a payload that is no JSON", ["check-result", "{raceId}"], "The payload is not JSON: {raceId}"],
  ["a payload of something else", ["check-result", '{"raceId": "monza", "slug": 1}'], "raceId: "],
  ["a payload too few", ["check-result"], "raceId: "],
  ["a word too many", ["lock-races", "{}", "now"], "Usage: "],
])("%s is told in words, with the tasks that there are", (_, words, reason) => {
  expect(() => askedTask(words)).toThrow(AskingError);
  for (const told of [reason, "watch-results", 'check-result {"raceId": …, "anyway": …}', "lock-races"])
    expect(() => askedTask(words)).toThrow(told);
});
