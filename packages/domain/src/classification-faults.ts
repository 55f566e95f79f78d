import type { Classification, ClassifiedCar, SessionKind } from "./classifications.ts";
import type { FieldFault } from "./domain-error.ts";
import { formatTenths, fromTenths, type Tenths } from "./tenths.ts";

export interface ClassificationFault extends FieldFault {}

export interface ExpectedField {
  readonly knownDriverIds: ReadonlySet<string>;
  /** Left out, every constructor is believed. */
  readonly knownConstructorIds?: ReadonlySet<string>;
  /** Only matters for 2019 to 2024, when the official points held one for the fastest lap. */
  readonly season?: number;
}

/** No grid of this century was smaller; a shorter list is one that is still being typed in. */
const FEWEST_CARS = 18;
/** Of the cars of the race: a few set no time and are left out, and more than that are still to be typed in. */
const SHARE_QUALIFIED = 0.75;

/** The official points as published: first for the full distance, then for 50 to 75 %, 25 to 50 %, less; and halved as before 2022. */
const RACE_SCALES: readonly (readonly Tenths[])[] = [
  [250, 180, 150, 120, 100, 80, 60, 40, 20, 10],
  [190, 140, 120, 100, 80, 60, 40, 30, 20, 10],
  [130, 100, 80, 60, 50, 40, 30, 20, 10],
  [60, 40, 30, 20, 10],
  [125, 90, 75, 60, 50, 40, 30, 20, 10, 5],
];
const SPRINT_SCALES: readonly (readonly Tenths[])[] = [[80, 70, 60, 50, 40, 30, 20, 10]];
const FASTEST_LAP_POINT: Tenths = 10;
const LAST_FASTEST_LAP_PLACE = 10;

/**
 * Why a document cannot be believed, all at once; none means that it may score. A source applies a correction in steps, and the
 * states between them (two cars in one place, a disqualified car with its points) look like results.
 */
export function classificationFaults(c: Classification, expected: ExpectedField): ClassificationFault[] {
  const withLapPoint = expected.season !== undefined && expected.season >= 2019 && expected.season <= 2024;
  return [
    ...driverFaults("race", c.race, expected),
    ...orderFaults("race", c.race),
    ...pointsFaults("race", c.race, RACE_SCALES, withLapPoint),
    ...(c.sprint ? driverFaults("sprint", c.sprint, expected) : []),
    ...(c.sprint ? orderFaults("sprint", c.sprint) : []),
    ...(c.sprint ? pointsFaults("sprint", c.sprint, SPRINT_SCALES, false) : []),
    // Qualifying leaves out cars without a time and repeats the place of a disqualified one, so its order proves nothing.
    ...(c.qualifying ? driverFaults("qualifying", c.qualifying, expected) : []),
    ...(c.qualifying ? countFaults("qualifying", c.qualifying, Math.ceil(c.race.length * SHARE_QUALIFIED)) : []),
  ];
}

function driverFaults(session: string, cars: readonly ClassifiedCar[], expected: ExpectedField): ClassificationFault[] {
  const driverIds = cars.map((car) => car.driverId);
  const twice = repeated(driverIds).map((driverId) => ({
    field: session,
    reason: "result.duplicate_driver" as const,
    message: `${driverId} is listed more than once in the ${session}.`,
    driverId,
  }));
  const unknown = [...new Set(driverIds)]
    .filter((driverId) => !expected.knownDriverIds.has(driverId))
    .map((driverId) => ({
      field: session,
      reason: "result.unknown_driver" as const,
      message: `Nobody here is called ${driverId}, who is listed in the ${session}. Add the driver, or wait for the season sync.`,
      driverId,
    }));
  const constructorIds = new Set(cars.map((car) => car.constructorId));
  const strangers = [...constructorIds]
    .filter((constructorId) => expected.knownConstructorIds?.has(constructorId) === false)
    .map((constructorId) => ({
      field: session,
      reason: "result.unknown_constructor" as const,
      message: `No constructor here is called ${constructorId}, which is listed in the ${session}.`,
      constructorId,
    }));
  return [...twice, ...unknown, ...strangers];
}

function orderFaults(session: string, cars: readonly ClassifiedCar[]): ClassificationFault[] {
  return [
    ...countFaults(session, cars, FEWEST_CARS),
    ...positionFaults(session, cars),
    ...winnerFaults(session, cars),
    ...fastestLapFaults(session, cars),
  ];
}

function countFaults(session: string, cars: readonly ClassifiedCar[], fewest: number): ClassificationFault[] {
  if (cars.length >= fewest) return [];
  const message = `The ${session} lists only ${cars.length} cars; at least ${fewest} are expected.`;
  return [{ field: session, reason: "result.too_few_cars", message, count: cars.length, limit: fewest }];
}

function positionFaults(session: string, cars: readonly ClassifiedCar[]): ClassificationFault[] {
  const placed = cars.filter((car) => Number.isSafeInteger(car.position) && car.position > 0);
  const bad = cars
    .filter((car) => !placed.includes(car))
    .map((car) => ({
      field: session,
      reason: "result.bad_position" as const,
      message: `${car.driverId} has no usable position in the ${session}.`,
      driverId: car.driverId,
    }));
  const twice = repeated(placed.map((car) => car.position)).map((position) => ({
    field: session,
    reason: "result.duplicate_position" as const,
    message: `More than one car is in position ${position} of the ${session}.`,
    position,
  }));
  // Whoever is classified is so from the front without a gap; the rest of the document is numbered on behind them.
  const gap = firstGap(placed) ?? firstGap(placed.filter((car) => car.finish === "classified"));
  if (gap === undefined) return [...bad, ...twice];
  const message = `Position ${gap} of the ${session} is empty, or held by a car that is not classified ahead of one that is.`;
  return [...bad, ...twice, { field: session, reason: "result.gap_in_positions", message, position: gap }];
}

function firstGap(cars: readonly ClassifiedCar[]): number | undefined {
  const positions = new Set(cars.map((car) => car.position));
  const expected = Array.from({ length: positions.size }, (_, index) => index + 1);
  return expected.find((position) => !positions.has(position));
}

function winnerFaults(session: string, cars: readonly ClassifiedCar[]): ClassificationFault[] {
  const winner = cars.find((car) => car.finish === "classified" && car.position === 1);
  if (!winner)
    return [{ field: session, reason: "result.no_winner", message: `No classified car has won the ${session}.` }];
  const most = Math.max(...cars.filter((car) => car.finish !== "disqualified").map((car) => car.laps));
  if (winner.laps > 0 && winner.laps >= most) return [];
  const message = `The winner of the ${session} drove ${winner.laps} laps, and another car ${most}.`;
  return [
    { field: session, reason: "result.winner_laps", message, driverId: winner.driverId, laps: winner.laps, most },
  ];
}

function fastestLapFaults(session: string, cars: readonly ClassifiedCar[]): ClassificationFault[] {
  // A source that takes a disqualified car out of the ranking of laps may leave its own rank standing.
  const count = cars.filter((car) => car.fastestLap && car.finish !== "disqualified").length;
  if (count <= 1) return [];
  const message = `${count} cars hold the fastest lap of the ${session}; only one can.`;
  return [{ field: session, reason: "result.two_fastest_laps", message, count }];
}

function pointsFaults(
  session: string,
  cars: readonly ClassifiedCar[],
  scales: readonly (readonly Tenths[])[],
  withLapPoint: boolean,
): ClassificationFault[] {
  const readings = scales.map((scale) => {
    const lapPointOf = withLapPoint ? lapPointHolder(cars, scale) : undefined;
    return scaleFaults(session, cars, { scale, lapPointOf });
  });
  const fits = readings.some((reading) => reading.length === 0);
  return fits ? [] : (readings[0] ?? []);
}

/** The car that earned the point; old documents paid it without saying who drove the lap. */
function lapPointHolder(cars: readonly ClassifiedCar[], scale: readonly Tenths[]): ClassifiedCar | undefined {
  const eligible = cars.filter((car) => car.finish === "classified" && car.position <= LAST_FASTEST_LAP_PLACE);
  if (cars.some((car) => car.fastestLap)) return eligible.find((car) => car.fastestLap);
  return eligible.find((car) => car.points === placePoints(car, scale) + FASTEST_LAP_POINT);
}

function placePoints(car: Pick<ClassifiedCar, "finish" | "position">, scale: readonly Tenths[]): Tenths {
  return car.finish === "classified" ? (scale[car.position - 1] ?? 0) : 0;
}

/** What a car is due for its place over the full distance, without a point for the fastest lap. */
export function officialPoints(session: SessionKind, car: Pick<ClassifiedCar, "finish" | "position">): Tenths {
  const scales = { race: RACE_SCALES, sprint: SPRINT_SCALES, qualifying: [] } as const;
  return placePoints(car, scales[session][0] ?? []);
}

interface Scale {
  readonly scale: readonly Tenths[];
  readonly lapPointOf: ClassifiedCar | undefined;
}

function scaleFaults(
  session: string,
  cars: readonly ClassifiedCar[],
  { scale, lapPointOf }: Scale,
): ClassificationFault[] {
  const wrong = cars.flatMap((car): ClassificationFault[] => {
    const due = placePoints(car, scale) + (car === lapPointOf ? FASTEST_LAP_POINT : 0);
    if (car.points === due) return [];
    const reason = car.finish === "disqualified" ? "result.disqualified_scores" : "result.points_scale";
    const message = `${car.driverId} (${car.finish}, position ${car.position}) has ${formatTenths(car.points)} points in the ${session}; ${formatTenths(due)} would be right.`;
    return [
      { field: session, reason, message, driverId: car.driverId, points: fromTenths(car.points), due: fromTenths(due) },
    ];
  });
  const classified = cars.filter((car) => car.finish === "classified").length;
  const expected = sum(scale.slice(0, classified)) + (lapPointOf ? FASTEST_LAP_POINT : 0);
  const found = sum(cars.map((car) => car.points));
  if (found === expected) return wrong;
  const message = `The points of the ${session} add up to ${formatTenths(found)}; ${formatTenths(expected)} would be right.`;
  return [
    ...wrong,
    { field: session, reason: "result.points_sum", message, sum: fromTenths(found), expected: fromTenths(expected) },
  ];
}

function sum(points: readonly Tenths[]): Tenths {
  return points.reduce((total, some) => total + some, 0);
}

function repeated<T>(values: readonly T[]): T[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
