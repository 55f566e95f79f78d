import { seasonFacts } from "@pitwall/db/facts";
import { lineupFaults } from "@pitwall/domain/lineups";
import { lockAt } from "@pitwall/domain/races";
import { standard } from "@pitwall/domain/rulesets";
import { expect, test } from "vitest";
import { choose, STRATEGIES } from "./strategies.ts";
import { weekendsFrom } from "./weekends.ts";

const facts = seasonFacts(2025);

test("every way to play keeps the rules in every race of the season", () => {
  for (const race of facts.races) {
    const market = race.entries.map(({ driverId, constructorId }) => ({
      id: driverId,
      constructorId,
      price: (facts.drivers[driverId]?.price ?? 0) / 10,
      points: race.round,
    }));
    const picks = new Map(
      market.map((driver) => [
        driver.id,
        { driverId: driver.id, constructorId: driver.constructorId, price: Math.round(driver.price * 10) },
      ]),
    );
    for (const strategy of STRATEGIES) {
      const choice = choose(market, strategy, Math.random, { budget: 100, perConstructor: 2 });
      expect(lineupFaults(choice.driverIds, choice.captainId, picks, standard)).toEqual([]);
    }
  }
});

test("the weekends follow each other without the weeks between, and no result is known before its flag", () => {
  const start = new Date("2030-01-01T00:00:00Z");
  const season = weekendsFrom(facts, start);
  const locks = season.facts.races.map((race) => lockAt(race.sessions).getTime() - start.getTime());
  expect(locks).toEqual(facts.races.map((_race, index) => index * 2_000));
  for (const race of season.facts.races) {
    expect(race.revisions).toEqual([]);
    expect(season.calendar.get(race.slug)?.flagAt.getTime()).toBeGreaterThan(lockAt(race.sessions).getTime());
  }
});
