import { existsSync } from "node:fs";
import { join } from "node:path";
import { type ErgastQualified, type ErgastResult, qualifyingIn, resultsIn } from "./ergast.ts";
import { type Edition, type Publication, publicationsOf } from "./publications.ts";

/** A classified car: driver, class, grid, laps, points as published, and a mark on the one with the fastest lap. */
type CarRow = readonly [
  driverId: string,
  finish: string,
  grid: number | null,
  laps: number,
  points: number,
  ...mark: string[],
];

const EVERYTHING: Omit<Publication, "hoursAfterFlag"> = { race: "final", sprint: "final", qualifying: "final" };

/** What each publication of a race changed; the first one holds every session. None for a race that has no result yet. */
export function revisionsOf(folder: string, season: number, round: number) {
  if (!existsSync(pathOf("race", "final"))) return [];
  return publicationsOf(season, round).map((publication, index) => {
    const { hoursAfterFlag, race, sprint, qualifying, moved }: Publication =
      index === 0 ? { ...EVERYTHING, ...publication } : publication;
    return {
      hoursAfterFlag,
      race: race && withMoved(resultsIn(pathOf("race", race)).map(carRow), moved),
      sprint: sprint && some(resultsIn(pathOf("sprint", sprint)).map(carRow)),
      qualifying: qualifying && some(qualifyingIn(pathOf("qualifying", qualifying)).map(qualifyingRow)),
    };
  });

  function pathOf(session: "race" | "sprint" | "qualifying", edition: Edition): string {
    const document = session === "race" ? "results" : session;
    if (edition === "final") return join(folder, `${season}`, document, `${twoDigits(round)}.json`);
    const prefix = session === "race" ? "" : `${session}.`;
    return join(folder, "corrections", `${season}-${twoDigits(round)}`, `${prefix}provisional.json`);
  }
}

export function twoDigits(round: number): string {
  return String(round).padStart(2, "0");
}

function some<Row>(rows: readonly Row[]): readonly Row[] | undefined {
  return rows.length > 0 ? rows : undefined;
}

function carRow(result: ErgastResult): CarRow {
  const { Driver, grid, laps, points, FastestLap } = result;
  const row: CarRow = [Driver.driverId, finishOf(result), grid, laps, points];
  return FastestLap?.rank === "1" ? [...row, "FL"] : row;
}

/** The driver; with a class beside unless classified. A disqualified car's first time is taken away, and the later ones stay. */
function qualifyingRow({ Driver, Q1, Q2, Q3 }: ErgastQualified): string | readonly [driverId: string, finish: string] {
  if (Q1 !== "") return Driver.driverId;
  return [Driver.driverId, Q2 || Q3 ? "DSQ" : "NC"];
}

function finishOf({ positionText, status }: ErgastResult): string {
  if (positionText === "D" || status === "Disqualified") return "DSQ";
  if (positionText === "W" || status === "Did not start") return "DNS";
  return /^\d+$/.test(positionText) ? "C" : "NC";
}

/** Points belong to places, so they stay where they are while the cars change theirs. */
function withMoved(rows: readonly CarRow[], moved: Publication["moved"]): CarRow[] {
  if (!moved) return [...rows];
  const mover = rows.filter(([driverId]) => driverId === moved.driverId);
  const order = rows.filter(([driverId]) => driverId !== moved.driverId).toSpliced(moved.to - 1, 0, ...mover);
  return order.map(([driverId, finish, grid, laps, , ...mark], index) => [
    driverId,
    finish,
    grid,
    laps,
    rows[index]?.[4] ?? 0,
    ...mark,
  ]);
}
