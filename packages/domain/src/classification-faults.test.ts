import { describe, expect, test } from "vitest";
import { classificationFaults } from "./classification-faults.ts";
import { aCar, aRace, aSprint, changed } from "./classifications.fixture.ts";
import type { Classification, ClassifiedCar } from "./classifications.ts";

const knownDriverIds = new Set(aRace(24).map((car) => car.driverId));
const reasons = (c: Classification, season?: number) =>
  classificationFaults(c, { knownDriverIds, ...(season === undefined ? {} : { season }) }).map((fault) => {
    expect(fault).toMatchObject({ field: expect.stringMatching(/^(race|sprint|qualifying)$/) });
    expect(fault.message).toMatch(/^[A-Za-z0-9].{15,}\.$/);
    expect(fault.message.toLowerCase()).toContain(`the ${fault.field}`);
    return fault.reason;
  });

/** The race with its official points multiplied or replaced, place by place. */
const paid = (points: readonly number[]) => aRace().map((car) => ({ ...car, points: points[car.position - 1] ?? 0 }));

const RETIRED: Partial<ClassifiedCar> = { finish: "not_classified", laps: 20 };

/** The steps in which a source once took the second and the fourth out of a published result. */
const secondAndFourthOut = aRace(18)
  .map((car) => ({
    ...car,
    driverId: `d${[1, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20][car.position - 1]}`,
  }))
  .map((car) => (car.position > 15 ? { ...car, ...RETIRED } : car));
const out = (position: number, driverId: string, changes: Partial<ClassifiedCar>) =>
  aCar(position, { driverId, finish: "disqualified", points: 0, ...changes });

describe("a classification is believed", () => {
  test.each<[string, Classification]>([
    ["when everybody finished", { race: aRace() }],
    ["with 22 cars, a sprint and qualifying", { race: aRace(22), sprint: aSprint(22), qualifying: aRace(17) }],
    [
      "when cars retired, stayed away and were thrown out",
      {
        race: [
          ...aRace(15),
          aCar(16, { finish: "not_classified", laps: 20 }),
          aCar(17, { finish: "not_started", laps: 0, grid: null }),
          aCar(18, { finish: "disqualified" }),
        ],
      },
    ],
    [
      "when fewer than ten are classified",
      { race: aRace().map((car) => (car.position > 6 ? { ...car, finish: "not_classified", points: 0 } : car)) },
    ],
    ["when a retired car is still classified, some laps down", { race: changed(aRace(), 18, { laps: 46 }) }],
    ["once its corrections are applied whole", { race: [...secondAndFourthOut, out(19, "d2", {}), out(20, "d4", {})] }],
    [
      "when a disqualified car drove a lap more than the winner, and holds the fastest beside the heir",
      {
        race: [
          ...changed(aRace(19), 3, { fastestLap: true }),
          aCar(20, { finish: "disqualified", laps: 51, fastestLap: true }),
        ],
      },
    ],
    [
      "when qualifying repeats the place of a disqualified car",
      { race: aRace(), qualifying: changed(aRace(19), 15, { position: 14 }) },
    ],
    ["when half the distance paid the shorter scale", { race: paid([190, 140, 120, 100, 80, 60, 40, 30, 20, 10]) }],
    ["when a third of the distance paid a shorter one", { race: paid([130, 100, 80, 60, 50, 40, 30, 20, 10]) }],
    ["when a few laps paid the shortest", { race: paid([60, 40, 30, 20, 10]) }],
    ["when half points were paid", { race: paid([125, 90, 75, 60, 50, 40, 30, 20, 10, 5]) }],
  ])("%s", (_, c) => {
    expect(reasons(c)).toEqual([]);
  });

  test("whatever the order of its rows", () => {
    expect(reasons({ race: aRace().reverse() })).toEqual([]);
  });
});

describe("a half-applied correction is held:", () => {
  test("two cars share a place, with the points of both", () => {
    const race = [
      aCar(1),
      aCar(2),
      aCar(2, { driverId: "d3" }),
      ...aRace(19)
        .slice(2)
        .map((car) => ({ ...car, driverId: `d${car.position + 1}` })),
    ];
    expect(reasons({ race })).toEqual(["result.duplicate_position", "result.points_sum"]);
  });

  test("the disqualified lost their places before they have others", () => {
    const race = [
      ...secondAndFourthOut,
      out(Number.NaN, "d2", { points: 180 }),
      out(Number.NaN, "d4", { points: 120 }),
    ];
    expect(reasons({ race })).toContain("result.bad_position");
  });

  test("the disqualified are last but keep their points", () => {
    const race = [...secondAndFourthOut, out(19, "d2", { points: 180 }), out(20, "d4", { points: 120 })];
    expect(reasons({ race })).toEqual([
      "result.disqualified_scores",
      "result.disqualified_scores",
      "result.points_sum",
    ]);
  });

  test("the disqualified are numbered as if they had finished behind those who did not", () => {
    const race = [
      ...secondAndFourthOut,
      out(19, "d2", { finish: "classified" }),
      out(20, "d4", { finish: "classified" }),
    ];
    expect(reasons({ race })).toEqual(["result.gap_in_positions"]);
  });

  test("nobody has moved up yet", () => {
    const race = [...changed(aRace(19), 2, { finish: "disqualified", points: 0, position: 20 })];
    expect(reasons({ race })).toEqual(["result.gap_in_positions", "result.points_sum"]);
  });

  test("cars moved up without their points", () => {
    const race = [...secondAndFourthOut, out(19, "d2", {}), out(20, "d4", {})].map((car) =>
      car.position === 2 ? { ...car, points: 150 } : car,
    );
    expect(reasons({ race })).toEqual(["result.points_scale", "result.points_sum"]);
  });
});

describe("a classification is held", () => {
  test.each<[string, ClassifiedCar[], string[]]>([
    ["with fewer than 18 cars", aRace(17), ["result.too_few_cars"]],
    ["when it is empty", [], ["result.too_few_cars", "result.no_winner"]],
    ["when a driver is listed twice", changed(aRace(), 20, { driverId: "d12" }), ["result.duplicate_driver"]],
    ["when it names somebody unknown", changed(aRace(), 12, { driverId: "stig" }), ["result.unknown_driver"]],
    [
      "when nobody won",
      changed(aRace(), 1, { finish: "not_classified", points: 0 }),
      ["result.gap_in_positions", "result.no_winner", "result.points_sum"],
    ],
    ["when somebody drove further than the winner", changed(aRace(), 2, { laps: 51 }), ["result.winner_laps"]],
    ["when the winner drove no lap", aRace().map((car) => ({ ...car, laps: 0 })), ["result.winner_laps"]],
    [
      "when a row in the middle is missing",
      aRace(20).filter((car) => car.position !== 14),
      ["result.gap_in_positions"],
    ],
    [
      "when a retired car stands among the classified",
      changed(aRace(), 14, { finish: "not_classified" }),
      ["result.gap_in_positions"],
    ],
    ["when a car has no position", changed(aRace(), 20, { position: 0 }), ["result.bad_position"]],
    ["when a car has half a position", changed(aRace(), 20, { position: 19.5 }), ["result.bad_position"]],
    [
      "when two cars hold the fastest lap",
      changed(changed(aRace(), 1, { fastestLap: true }), 4, { fastestLap: true }),
      ["result.two_fastest_laps"],
    ],
    [
      "when somebody out of the points has some",
      changed(aRace(), 11, { points: 10 }),
      ["result.points_scale", "result.points_sum"],
    ],
    [
      "when two neighbours have each other's points",
      changed(changed(aRace(), 4, { points: 100 }), 5, { points: 120 }),
      ["result.points_scale", "result.points_scale"],
    ],
  ])("%s", (_, race, expected) => {
    expect(reasons({ race })).toEqual(expected);
  });

  test("when its points are not filled in yet", () => {
    const faults = reasons({ race: paid([]) });
    expect(faults).toHaveLength(11);
    expect(new Set(faults)).toEqual(new Set(["result.points_scale", "result.points_sum"]));
  });

  test("for its sprint too, by the sprint's own points", () => {
    expect(reasons({ race: aRace(), sprint: aRace() })).toContain("result.points_sum");
    expect(reasons({ race: aRace(), sprint: aSprint(17) })).toEqual(["result.too_few_cars"]);
  });

  test("for its qualifying only when it does not know who drove, or most are missing", () => {
    expect(reasons({ race: aRace(), qualifying: [...aRace(15), aCar(7, { driverId: "stig" })] })).toEqual([
      "result.unknown_driver",
    ]);
    expect(reasons({ race: aRace(), qualifying: aRace(14) })).toEqual(["result.too_few_cars"]);
  });

  test("when it names a constructor that nobody knows, once for each, in any session", () => {
    const strange = changed(aRace(), 11, { constructorId: "brabham" }).map((car) =>
      car.position === 12 ? { ...car, constructorId: "brabham" } : car,
    );
    const knownConstructorIds = new Set(aRace().map((car) => car.constructorId));
    const c = { race: aRace(), qualifying: strange };
    expect(classificationFaults(c, { knownDriverIds, knownConstructorIds })).toEqual([
      {
        field: "qualifying",
        reason: "result.unknown_constructor",
        message: "No constructor here is called brabham, which is listed in the qualifying.",
        constructorId: "brabham",
      },
    ]);
    expect(classificationFaults(c, { knownDriverIds })).toEqual([]);
  });

  test("with the figures that whoever mends it needs", () => {
    expect(classificationFaults({ race: changed(aRace(), 11, { points: 10 }) }, { knownDriverIds })).toEqual([
      {
        field: "race",
        reason: "result.points_scale",
        message: "d11 (classified, position 11) has 1.0 points in the race; 0.0 would be right.",
        driverId: "d11",
        points: 1,
        due: 0,
      },
      {
        field: "race",
        reason: "result.points_sum",
        message: "The points of the race add up to 102.0; 101.0 would be right.",
        sum: 102,
        expected: 101,
      },
    ]);
  });
});
