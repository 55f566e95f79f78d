/** A line of an official document, as it lies in the tables. */
export interface Row {
  readonly session: string;
  readonly driver: string;
  readonly finish: string;
  readonly position: number;
  /** Null: none known; 0: from the pit lane. */
  readonly grid: number | null;
  readonly fastestLap: boolean;
}

const RACE = [25, 18, 15, 12, 10, 8, 6, 4, 2, 1];
const SPRINT = [8, 7, 6, 5, 4, 3, 2, 1];
const QUALIFYING = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1];

/**
 * What each car of a weekend earned, in tenths, told from what the game promises and from nothing else: it shares neither
 * figures nor code with the rules that are proved against it.
 */
export function referencePoints(rows: readonly Row[], ruleSet: string): Map<string, number> {
  if (ruleSet !== "standard-1" && ruleSet !== "extended-1") throw new RangeError(`nobody has told of ${ruleSet}`);
  const isExtended = ruleSet === "extended-1";
  const backOf = new Map<string, number>();
  for (const { session, grid } of rows) backOf.set(session, Math.max(backOf.get(session) ?? 0, grid ?? 0));

  const points = new Map<string, number>();
  for (const row of rows) if (row.session === "race") points.set(row.driver, 0);
  for (const row of rows) {
    const sofar = points.get(row.driver);
    const raced = rows.find((other) => other.session === "race" && other.driver === row.driver);
    if (sofar === undefined || raced === undefined || raced.finish === "not_started") continue;
    let earned = 0;
    if (row.session === "race") {
      if (row.finish === "classified") {
        earned += RACE[row.position - 1] ?? 0;
        if (row.fastestLap && isExtended) earned += 10;
        if (row.fastestLap && !isExtended && row.position <= 10) earned += 1;
        if (isExtended) earned += placesWon(row, backOf);
      } else if (isExtended && row.finish !== "not_started") earned -= 20;
    }
    if (row.session === "sprint" && isExtended) {
      if (row.finish === "classified") {
        earned += (SPRINT[row.position - 1] ?? 0) + (row.fastestLap ? 5 : 0) + placesWon(row, backOf);
      } else if (row.finish !== "not_started") earned -= 10;
    }
    if (row.session === "qualifying" && isExtended) {
      if (row.finish === "classified") earned += QUALIFYING[row.position - 1] ?? 0;
      else if (row.finish !== "not_started") earned -= 5;
    }
    points.set(row.driver, sofar + 10 * earned);
  }
  return points;
}

/** One for each place between the grid and the flag; the pit lane lies behind the last place of the grid. */
function placesWon({ session, grid, position }: Row, backOf: ReadonlyMap<string, number>): number {
  if (grid === null) return 0;
  const start = grid === 0 ? (backOf.get(session) ?? 0) + 1 : grid;
  return start - position;
}

/** Five drivers, the captain one and a half times. Whoever is not in the result earned nothing. */
export function referenceLineup(
  points: ReadonlyMap<string, number>,
  drivers: readonly string[],
  captain: string,
): number {
  let tenths = 0;
  for (const driver of drivers) tenths += (points.get(driver) ?? 0) * (driver === captain ? 3 : 2);
  return tenths / 2;
}
