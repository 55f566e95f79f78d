import { expect, test } from "vitest";
import { correctionPolicy } from "./policy.ts";

const { schedule, sections } = correctionPolicy();

function section(id: string): string {
  return sections.find((one) => one.id === id)?.text.join(" ") ?? "";
}

test("the policy gives the figures that results are watched by, to programs and to people", () => {
  expect(schedule).toEqual({
    pollEveryHours: 1,
    alertAfterHours: 48,
    checkAfterHours: [24, 48, 72],
    watchDailyForDays: 14,
    watchEveryDaysAfterwards: 7,
    watchUntilDaysAfterSeason: 28,
  });
  for (const words of [
    "every hour until",
    "After 48 hours",
    "24, 48 and 72 hours",
    "every day for 14 days, then every 7",
  ])
    expect(section("watch")).toContain(words);
});

test("each of its sections is told apart and says something", () => {
  expect(new Set(sections.map(({ id }) => id)).size).toBe(sections.length);
  for (const { title, text } of sections) expect([title, ...text].filter((words) => words.length < 10)).toEqual([]);
});
