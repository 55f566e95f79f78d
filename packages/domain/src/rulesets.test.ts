import { describe, expect, test } from "vitest";
import { extended, type Ruleset, ruleset, rulesets, standard } from "./rulesets.ts";

test("rules are found by their id, and no others are made up", () => {
  expect(ruleset("standard-1")).toBe(standard);
  expect(ruleset("extended-1")).toBe(extended);
  expect(ruleset("standard-2")).toBeUndefined();
});

test("the standard rules pay what the sport pays", () => {
  expect(standard.racePoints).toEqual([250, 180, 150, 120, 100, 80, 60, 40, 20, 10]);
  expect(standard.fastestLap).toEqual({ points: 10, withinTop: 10 });
  expect(standard.lineup).toEqual({ size: 5, budget: 1000, perConstructor: 2 });
});

test("rules that were published stay as they are, to the letter: installations hold their digest", () => {
  expect(JSON.stringify(standard)).toBe(
    '{"id":"standard-1","name":"standard","version":1,"racePoints":[250,180,150,120,100,80,60,40,20,10],' +
      '"fastestLap":{"points":10,"withinTop":10},"captainMultiplier":15,"lineup":{"size":5,"budget":1000,"perConstructor":2}}',
  );
  expect(JSON.stringify(extended)).toBe(
    '{"id":"extended-1","name":"extended","version":1,"racePoints":[250,180,150,120,100,80,60,40,20,10],' +
      '"fastestLap":{"points":100},"racePlaces":{"gained":10,"lost":-10},"racePenalties":{"notClassified":-200,"disqualified":-200},' +
      '"sprint":{"points":[80,70,60,50,40,30,20,10],"fastestLap":{"points":50},"places":{"gained":10,"lost":-10},' +
      '"penalties":{"notClassified":-100,"disqualified":-100}},' +
      '"qualifying":{"points":[100,90,80,70,60,50,40,30,20,10],"penalties":{"notClassified":-50,"disqualified":-50}},' +
      '"captainMultiplier":15,"lineup":{"size":5,"budget":1000,"perConstructor":2}}',
  );
});

describe.each(rulesets.map((rules) => [rules.id, rules] as const))("the rules %s", (_, rules) => {
  test("keep a captain's points exact in tenths", () => {
    for (const points of figuresOf(rules)) expect(Math.abs((points * rules.captainMultiplier) % 10)).toBe(0);
  });
});

function figuresOf({ racePoints, fastestLap, racePlaces, racePenalties, sprint, qualifying }: Ruleset): number[] {
  return [
    ...racePoints,
    fastestLap.points,
    ...Object.values({ ...racePlaces, ...racePenalties }),
    ...(sprint ? [...sprint.points, sprint.fastestLap.points] : []),
    ...Object.values({ ...sprint?.places }),
    ...Object.values({ ...sprint?.penalties }),
    ...(qualifying?.points ?? []),
    ...Object.values({ ...qualifying?.penalties }),
  ];
}
