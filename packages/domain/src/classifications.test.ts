import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { aCar, anyRace, anyRaceShuffled, anyWeekend, aRace, aSprint, changed } from "./classifications.fixture.ts";
import {
  type Classification,
  type ClassifiedCar,
  classificationDiff,
  scoredFacts,
  scoredSessions,
  startingPlace,
} from "./classifications.ts";
import { extended, standard } from "./rulesets.ts";

const facts = (race: readonly ClassifiedCar[]) => scoredFacts({ race }, standard);
const diff = (before: Classification, after: Classification) => classificationDiff(before, after, standard);

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

describe("scored facts of the extended rules", () => {
  const weekend = { race: aRace(), sprint: aSprint(), qualifying: aRace() };
  const extendedFacts = (changes: Partial<Classification>) => scoredFacts({ ...weekend, ...changes }, extended);

  test("are of every session that earns something", () => {
    expect(scoredSessions(standard)).toEqual(["race"]);
    expect(scoredSessions(extended)).toEqual(["race", "sprint", "qualifying"]);
  });

  test.each<[string, Partial<Classification>]>([
    ["a starting place", { race: changed(aRace(), 5, { grid: 6 }) }],
    ["a grid that is not known yet", { race: changed(aRace(), 5, { grid: null }) }],
    ["a start from the pit lane", { sprint: changed(aSprint(), 5, { grid: 0 }) }],
    ["a fastest lap in whatever place", { race: changed(aRace(), 15, { fastestLap: true }) }],
    ["a fastest lap of the sprint", { sprint: changed(aSprint(), 3, { fastestLap: true }) }],
    ["a qualifying without a time", { qualifying: changed(aRace(), 20, { finish: "not_classified" }) }],
    ["a place in qualifying", { qualifying: aRace().map((car) => ({ ...car, position: 21 - car.position })) }],
  ])("notice %s", (_, changes) => {
    expect(extendedFacts(changes)).not.toBe(extendedFacts({}));
  });

  test.each<[string, Partial<Classification>]>([
    [
      "where a car started that did not finish",
      { race: changed(changed(aRace(), 20, { finish: "not_classified", grid: 3 }), 19, { laps: 1 }) },
    ],
    [
      "laps, numbers and published points",
      { sprint: aSprint().map((car) => ({ ...car, laps: 1, number: 7, points: 0 })) },
    ],
    ["the grid and the laps of qualifying", { qualifying: aRace().map((car) => ({ ...car, grid: null, laps: 0 })) }],
  ])("take no notice of %s", (_, changes) => {
    const retired = { race: changed(aRace(), 20, { finish: "not_classified" }) };
    expect(extendedFacts({ ...retired, ...changes })).toBe(extendedFacts(retired));
  });

  test("are never different where the diff is empty, and the diff never is where they differ", () => {
    fc.assert(
      fc.property(anyWeekend, anyWeekend, (before, after) => {
        const isSame = scoredFacts(before, extended) === scoredFacts(after, extended);
        if (!isSame) expect(classificationDiff(before, after, extended)).not.toEqual([]);
        if (classificationDiff(before, after, extended).length === 0) expect(isSame).toBe(true);
      }),
    );
  });
});

describe("a starting place", () => {
  test("is the grid's, behind all of it from the pit lane, and none while it is not known", () => {
    const cars = changed(changed(aRace(19), 4, { grid: 0 }), 7, { grid: null });
    const places = cars.map((car) => startingPlace(car, cars));
    expect(places.slice(0, 8)).toEqual([1, 2, 3, 20, 5, 6, null, 8]);
  });

  test("is worth a word between two revisions only where it scores", () => {
    const [before, after] = [{ race: aRace() }, { race: changed(aRace(), 3, { grid: 0 }) }];
    expect(diff(before, after)).toEqual([]);
    expect(classificationDiff(before, after, extended)).toEqual([
      { driverId: "d3", session: "race", field: "grid", from: "3", to: "21" },
    ]);
  });
});

describe("the diff of two classifications", () => {
  test("says what a disqualification did to each driver", () => {
    const before = { race: aRace(3) };
    const after = { race: [aCar(1), aCar(2, { driverId: "d3" }), aCar(3, { driverId: "d2", finish: "disqualified" })] };
    expect(diff(before, after)).toEqual([
      { driverId: "d2", session: "race", field: "finish", from: "classified", to: "disqualified" },
      { driverId: "d2", session: "race", field: "position", from: "2", to: null },
      { driverId: "d3", session: "race", field: "position", from: "3", to: "2" },
    ]);
  });

  test("names a car that appears and one that vanishes", () => {
    expect(diff({ race: [aCar(1)] }, { race: [aCar(2, { finish: "not_started" })] })).toEqual([
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
    expect(diff(before, after).map((change) => [change.session, change.driverId, change.field, change.to])).toEqual([
      ["race", "d1", "fastestLap", null],
      ["race", "d2", "fastestLap", "yes"],
      ["sprint", "d20", "finish", "not_classified"],
      ["sprint", "d20", "position", null],
    ]);
  });

  test("is empty between a race and itself in another order", () => {
    fc.assert(
      fc.property(anyRaceShuffled, ([race, shuffled]) => {
        expect(diff({ race }, { race: shuffled })).toEqual([]);
      }),
    );
  });

  test("is never empty where the scored facts differ", () => {
    fc.assert(
      fc.property(anyRace, anyRace, (before, after) => {
        fc.pre(facts(before) !== facts(after));
        expect(diff({ race: before }, { race: after })).not.toEqual([]);
      }),
    );
  });

  test("turns round with its arguments", () => {
    fc.assert(
      fc.property(anyRace, anyRace, (before, after) => {
        const back = diff({ race: after }, { race: before });
        const forth = diff({ race: before }, { race: after });
        expect(back.map((change) => ({ ...change, from: change.to, to: change.from }))).toEqual(forth);
      }),
    );
  });
});
