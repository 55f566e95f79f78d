import type { RaceFacts, SeasonFacts } from "@pitwall/db/facts";
import type { SessionName } from "@pitwall/domain/races";
import { driverHead, momentOnTheWire, raceHead } from "./replay-body.ts";

/** What a season's lists are called in its addresses. */
export type SeasonList = "races" | "constructors" | "drivers";

export interface ReplayedList {
  readonly facts: SeasonFacts;
  readonly season: string;
  readonly list: SeasonList;
  readonly url: string;
  readonly limit: number;
  readonly offset: number;
}

/** A page of one of a season's lists word for word as Jolpica writes it; empty for a season that is not replayed. */
export function listBody({ facts, season, list, url, limit, offset }: ReplayedList): string {
  const rows = season === String(facts.season) ? rowsOf(facts, list) : [];
  const page = {
    xmlns: "",
    series: "f1",
    url,
    limit: String(limit),
    offset: String(offset),
    total: String(rows.length),
  };
  const [table, name] = TABLES[list];
  return JSON.stringify({ MRData: { ...page, [table]: { season, [name]: rows.slice(offset, offset + limit) } } });
}

const TABLES = {
  races: ["RaceTable", "Races"],
  constructors: ["ConstructorTable", "Constructors"],
  drivers: ["DriverTable", "Drivers"],
} as const satisfies Record<SeasonList, readonly [string, string]>;

function rowsOf(facts: SeasonFacts, list: SeasonList): object[] {
  switch (list) {
    case "races":
      return facts.races.map((race) => calendarRow(facts, race));
    case "constructors":
      return Object.entries(facts.constructors).map(([constructorId, said]) => ({ constructorId, url: "", ...said }));
    case "drivers":
      return Object.keys(facts.drivers).map((driverId) => driverHead(facts, driverId));
  }
}

/** In the order of a weekend. */
const BLOCKS = [
  ["FirstPractice", "fp1"],
  ["SecondPractice", "fp2"],
  ["ThirdPractice", "fp3"],
  ["SprintQualifying", "sprint_qualifying"],
  ["Sprint", "sprint"],
  ["Qualifying", "qualifying"],
] as const satisfies readonly (readonly [string, SessionName])[];

function calendarRow(facts: SeasonFacts, race: RaceFacts): object {
  const blocks = BLOCKS.flatMap(([block, name]) => {
    const at = race.sessions[name];
    return at ? [[block, momentOnTheWire(at)]] : [];
  });
  return { ...raceHead(facts, race), ...Object.fromEntries(blocks) };
}
