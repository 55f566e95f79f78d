import { describe, expect, test } from "vitest";
import { flagDueAt, lockAt, raceSlug, sessionFaults } from "./races.ts";
import { SCHEDULE } from "./schedule.ts";

describe("a race's slug", () => {
  test.each([
    ["São Paulo Grand Prix", "sao-paulo-grand-prix"],
    ["Monaco Grand Prix", "monaco-grand-prix"],
    ["Emilia-Romagna  Grand Prix", "emilia-romagna-grand-prix"],
    ["Gran Premio d'Italia", "gran-premio-d-italia"],
    ["  70th Anniversary Grand Prix!", "70th-anniversary-grand-prix"],
    ["México", "mexico"],
  ])("of %s is %s", (name, slug) => {
    expect(raceSlug(name)).toBe(slug);
    expect(raceSlug(slug)).toBe(slug);
  });
});

describe("a race locks", () => {
  const race = new Date("2025-03-23T07:00:00Z");
  const qualifying = new Date("2025-03-22T07:00:00Z");
  const sprint = new Date("2025-03-22T03:00:00Z");

  test("when qualifying starts", () => {
    expect(lockAt({ race, qualifying })).toEqual(qualifying);
  });

  test("with the sprint where it comes first", () => {
    expect(lockAt({ race, qualifying, sprint, sprint_qualifying: new Date("2025-03-21T07:30:00Z") })).toEqual(sprint);
  });

  test("with qualifying where it comes before the sprint", () => {
    expect(lockAt({ race, qualifying: sprint, sprint: qualifying })).toEqual(sprint);
  });

  test("with the race itself when no other time is known", () => {
    expect(lockAt({ race, fp1: new Date("2025-03-21T03:30:00Z") })).toEqual(race);
  });

  test("never after the race has begun, whatever the calendar says of qualifying", () => {
    expect(lockAt({ race, qualifying: new Date("2025-03-24T07:00:00Z") })).toEqual(race);
  });
});

test("the flag is due an hour and a half after the start", () => {
  expect(flagDueAt({ race: new Date("2025-03-23T07:00:00Z") }, SCHEDULE)).toEqual(new Date("2025-03-23T08:30:00Z"));
});

describe("a weekend", () => {
  const race = new Date("2025-03-23T07:00:00Z");
  const before = (hours: number) => new Date(race.getTime() - hours * 3_600_000);

  test("has its sessions in the week before the race", () => {
    expect(sessionFaults({ race })).toEqual([]);
    expect(sessionFaults({ race, fp1: before(50), sprint: before(28), qualifying: before(24) })).toEqual([]);
  });

  test("names every session that lies elsewhere", () => {
    const faults = sessionFaults({ race, fp1: before(24 * 8), sprint_qualifying: race, qualifying: before(-1) });
    expect(faults.map(({ field }) => field)).toEqual([
      "sessions.fp1",
      "sessions.sprint_qualifying",
      "sessions.qualifying",
    ]);
    expect(faults[1]?.message).toBe("The sprint qualifying does not lie in the week before the race.");
  });
});
