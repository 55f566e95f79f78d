import type { Db } from "@pitwall/db/database";
import { DomainError } from "@pitwall/domain/domain-error";
import { lineupCost, lineupFaults } from "@pitwall/domain/lineups";
import type { Ruleset } from "@pitwall/domain/rulesets";
import type { Tenths } from "@pitwall/domain/tenths";
import { refusing } from "../internal/breaches.ts";
import { saveLineups } from "../internal/interned-lineups.ts";
import { marketOf, type Offer } from "../internal/market.ts";
import { nextOpenRace, type RaceRow, rulesOfSeason } from "../internal/race-lookup.ts";

export interface LineupInput {
  readonly driverIds: readonly string[];
  readonly captainId: string;
}

/** What can be picked now, and under which rules. */
export interface Market {
  readonly race: RaceRow;
  readonly offers: Map<string, Offer>;
  readonly rules: Ruleset;
}

export async function openMarket(db: Db, season: number, findRace: typeof nextOpenRace): Promise<Market> {
  const rules = await rulesOfSeason(db, season);
  const race = await findRace(db, season);
  if (race) return { race, offers: await marketOf(db, season, race.id), rules };
  const next = await nextOpenRace(db, season);
  if (next) throw justLocked("race");
  throw new DomainError(
    "broken_rule",
    "season.no_open_race",
    `The season ${season} has no race left that is open for line-ups.`,
  );
}

/** Which rules a line-up breaks; null if it breaks none. */
export function refusalOf({ driverIds, captainId }: LineupInput, { offers, rules }: Market): DomainError | null {
  const faults = lineupFaults(driverIds, captainId, offers, rules);
  if (faults.length === 0) return null;
  const message = faults.map((fault) => fault.message).join(" ");
  return new DomainError("broken_rule", "lineup.breaks_rules", message, { faults });
}

export interface Chosen extends LineupInput {
  readonly teamId: string;
  /** The one that the team has with it. */
  readonly version: number;
}

/** Saves line-ups that break no rule for the race of a market, all of them or, after its lock, none. */
export async function enterLineups(db: Db, { race, offers }: Market, chosen: readonly Chosen[]): Promise<void> {
  const rows = chosen.map(({ teamId, version, driverIds, captainId }) => {
    const picks = driverIds.flatMap((id) => offers.get(id) ?? []);
    const cost: Tenths = lineupCost(picks);
    return { teamId, version, drivers: keysOf(picks), captain: offers.get(captainId)?.key ?? 0, cost };
  });
  await refusing(() => saveLineups(db, race, rows), { PW001: () => justLocked(race.name) });
}

function keysOf(picks: readonly Offer[]): number[] {
  return picks.map(({ key }) => key).sort((a, b) => a - b);
}

function justLocked(race: string): DomainError {
  return new DomainError(
    "broken_rule",
    "lineup.locked",
    `The ${race} has just locked. Save again for the race after it.`,
  );
}
