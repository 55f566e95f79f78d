import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { aCar, anyRace, anyRaceShuffled, aRace, aSprint, changed } from "./classifications.fixture.ts";
import { type ClassifiedCar, classificationDiff, scoredFacts } from "./classifications.ts";
import { standard } from "./rulesets.ts";

const facts = (race: readonly ClassifiedCar[]) => scoredFacts({ race }, standard);

describe("scored facts", () => {
  test.each<[string, Partial<ClassifiedCar>]>([
    ["a number", { number: 99 }],
    ["a constructor's spelling", { constructorId: "C3 Racing" }],
    ["a grid place", { grid: null }],
    ["a lap count", { laps: 49 }],
    ["published points", { points: 0 }],
  ])("take no notice of %s", (_, cosmetics) => {
    expect(facts(changed(aRace(), 5, cosmetics))).toBe(facts(aRace()));
  });

  test.each<[string, ClassifiedCar[]]>([
    [
      "a place without points",
      [
        ...changed(aRace(), 14, { driverId: "d15" }).filter((car) => car.position !== 15),
        aCar(15, { driverId: "d14" }),
      ],
    ],
    ["a retirement", changed(aRace(), 20, { finish: "not_classified" })],
    ["a disqualification", changed(aRace(), 2, { finish: "disqualified" })],
    ["a car that was not listed", aRace(21)],
    ["a fastest lap of the tenth", changed(aRace(), 10, { fastestLap: true })],
  ])("notice %s", (_, race) => {
    expect(facts(race)).not.toBe(facts(aRace()));
  });

  test("tell one way of not finishing from another", () => {
    const retired = changed(aRace(), 20, { finish: "not_classified" });
    expect(facts(retired)).not.toBe(facts(changed(aRace(), 20, { finish: "not_started" })));
  });

  test.each([11, 20])("take no notice of a fastest lap of the car in place %d, which earns nothing", (position) => {
    expect(facts(changed(aRace(), position, { fastestLap: true }))).toBe(facts(aRace()));
  });

  test("take no notice of the order in which retired cars are listed", () => {
    const [a, b] = [aCar(19, { finish: "not_classified" }), aCar(20, { finish: "not_classified" })];
    const swapped = [
      { ...a, position: 20 },
      { ...b, position: 19 },
    ];
    expect(facts([...aRace(18), a, b])).toBe(facts([...aRace(18), ...swapped]));
  });

  test("take no notice of the sprint and of qualifying, which the standard rules do not score", () => {
    expect(scoredFacts({ race: aRace(), sprint: aSprint(), qualifying: aRace() }, standard)).toBe(facts(aRace()));
  });

  test("are the same whatever the order of the rows", () => {
    fc.assert(
      fc.property(anyRaceShuffled, ([race, shuffled]) => {
        expect(facts(shuffled)).toBe(facts(race));
      }),
    );
  });
});

describe("the diff of two classifications", () => {
  test("says what a disqualification did to each driver", () => {
    const before = { race: aRace(3) };
    const after = { race: [aCar(1), aCar(2, { driverId: "d3" }), aCar(3, { driverId: "d2", finish: "disqualified" })] };
    expect(classificationDiff(before, after)).toEqual([
      { driverId: "d2", session: "race", field: "finish", from: "classified", to: "disqualified" },
      { driverId: "d2", session: "race", field: "position", from: "2", to: null },
      { driverId: "d3", session: "race", field: "position", from: "3", to: "2" },
    ]);
  });

  test("names a car that appears and one that vanishes", () => {
    expect(classificationDiff({ race: [aCar(1)] }, { race: [aCar(2, { finish: "not_started" })] })).toEqual([
      { driverId: "d1", session: "race", field: "listed", from: "yes", to: null },
      { driverId: "d1", session: "race", field: "finish", from: "classified", to: null },
      { driverId: "d1", session: "race", field: "position", from: "1", to: null },
      { driverId: "d2", session: "race", field: "listed", from: null, to: "yes" },
      { driverId: "d2", session: "race", field: "finish", from: null, to: "not_started" },
    ]);
  });

  test("sees a fastest lap move, and the sprint beside the race", () => {
    const before = { race: changed(aRace(), 1, { fastestLap: true }), sprint: aSprint() };
    const after = {
      race: changed(aRace(), 2, { fastestLap: true }),
      sprint: changed(aSprint(), 20, { finish: "not_classified" }),
    };
    expect(
      classificationDiff(before, after).map((change) => [change.session, change.driverId, change.field, change.to]),
    ).toEqual([
      ["race", "d1", "fastestLap", null],
      ["race", "d2", "fastestLap", "yes"],
      ["sprint", "d20", "finish", "not_classified"],
      ["sprint", "d20", "position", null],
    ]);
  });

  test("is empty between a race and itself in another order", () => {
    fc.assert(
      fc.property(anyRaceShuffled, ([race, shuffled]) => {
        expect(classificationDiff({ race }, { race: shuffled })).toEqual([]);
      }),
    );
  });

  test("is never empty where the scored facts differ", () => {
    fc.assert(
      fc.property(anyRace, anyRace, (before, after) => {
        fc.pre(facts(before) !== facts(after));
        expect(classificationDiff({ race: before }, { race: after })).not.toEqual([]);
      }),
    );
  });

  test("turns round with its arguments", () => {
    fc.assert(
      fc.property(anyRace, anyRace, (before, after) => {
        const back = classificationDiff({ race: after }, { race: before });
        const forth = classificationDiff({ race: before }, { race: after });
        expect(back.map((change) => ({ ...change, from: change.to, to: change.from }))).toEqual(forth);
      }),
    );
  });
});
