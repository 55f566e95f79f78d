/** A driver as the API lists him: price in millions, points of the season so far. */
export interface MarketDriver {
  readonly id: string;
  readonly constructorId: string;
  readonly price: number;
  readonly points: number;
}

export interface Choice {
  readonly driverIds: string[];
  readonly captainId: string;
}

/** A way to play: how much a player thinks of a driver. `luck` is a number from 0 to 1, another one for each driver. */
export interface Strategy {
  readonly name: string;
  readonly changesEvery: number;
  readonly worth: (driver: MarketDriver, luck: number) => number;
}

export const STRATEGIES: readonly Strategy[] = [
  { name: "follows the points", changesEvery: 2, worth: (driver, luck) => driver.points + driver.price + luck * 8 },
  { name: "buys bargains", changesEvery: 3, worth: (driver, luck) => (driver.points + 5) / driver.price + luck },
  { name: "trusts the stars", changesEvery: 8, worth: (driver, luck) => driver.price ** 1.6 + luck * 40 },
  {
    name: "loves papaya and red",
    changesEvery: 6,
    worth: (driver, luck) => (FAVOURITES.has(driver.constructorId) ? 40 : 5) + driver.price / 3 + luck * 20,
  },
  {
    name: "cheers for the underdog",
    changesEvery: 5,
    worth: (driver, luck) => 40 - driver.price + driver.points / 4 + luck * 15,
  },
  { name: "throws dice", changesEvery: 1, worth: (_driver, luck) => luck },
];

const FAVOURITES: ReadonlySet<string> = new Set(["mclaren", "ferrari"]);

interface Limits {
  readonly budget: number;
  readonly perConstructor: number;
}

/** The line-up worth most to a player among all that the rules allow, captained by the driver worth most. */
export function choose(
  market: readonly MarketDriver[],
  strategy: Strategy,
  luck: () => number,
  limits: Limits,
): Choice {
  const valued = market.map((driver) => ({
    ...driver,
    worth: strategy.worth(driver, luck()),
    tenths: Math.round(driver.price * 10),
  }));
  valued.sort((a, b) => b.worth - a.worth);
  const five = best(valued, Math.round(limits.budget * 10), limits.perConstructor);
  const captain = five[0];
  if (!captain) throw new Error("no line-up fits the budget");
  return { driverIds: five.map((driver) => driver.id), captainId: captain.id };
}

type Valued = MarketDriver & { readonly worth: number; readonly tenths: number };

/** Depth first over the drivers by worth; a branch that cannot beat the best five any more is left. */
function best(valued: readonly Valued[], budget: number, perConstructor: number): Valued[] {
  let found: { worth: number; five: Valued[] } = { worth: Number.NEGATIVE_INFINITY, five: [] };
  const visit = (from: number, chosen: Valued[], worth: number, left: number): void => {
    if (chosen.length === 5) {
      if (worth > found.worth) found = { worth, five: [...chosen] };
      return;
    }
    for (let next = from; next < valued.length; next += 1) {
      const driver = valued[next];
      if (!driver || worth + driver.worth * (5 - chosen.length) <= found.worth) return;
      const mates = chosen.filter((mate) => mate.constructorId === driver.constructorId).length;
      if (driver.tenths > left || mates >= perConstructor) continue;
      visit(next + 1, [...chosen, driver], worth + driver.worth, left - driver.tenths);
    }
  };
  visit(0, [], 0, budget);
  return found.five;
}
