import type { FieldFault } from "./domain-error.ts";
import type { Ruleset } from "./rulesets.ts";
import { formatTenths, fromTenths, type Tenths } from "./tenths.ts";

/** A driver as he can be bought for one race. */
export interface Pick {
  readonly driverId: string;
  readonly constructorId: string;
  readonly price: Tenths;
}

export interface LineupFault extends FieldFault {}

/** Every rule that a line-up breaks, all at once, so that a player mends it in one go. Figures of money are millions. */
export function lineupFaults(
  driverIds: readonly string[],
  captainId: string,
  market: ReadonlyMap<string, Pick>,
  rules: Ruleset,
): LineupFault[] {
  const distinct = [...new Set(driverIds)];
  const picks = distinct.flatMap((driverId) => market.get(driverId) ?? []);
  return [
    ...sizeFaults(driverIds.length, rules),
    ...duplicateFaults(driverIds, distinct),
    ...unknownFaults(distinct, market),
    ...budgetFaults(picks, rules),
    ...constructorFaults(picks, rules),
    ...captainFaults(driverIds, captainId),
  ];
}

export function lineupCost(picks: readonly Pick[]): Tenths {
  return picks.reduce((cost, pick) => cost + pick.price, 0);
}

function sizeFaults(count: number, rules: Ruleset): LineupFault[] {
  const { size } = rules.lineup;
  if (count === size) return [];
  const message = `Choose exactly ${size} drivers; this line-up names ${count}.`;
  return [{ field: "driverIds", reason: "lineup.wrong_size", message, count, size }];
}

function duplicateFaults(driverIds: readonly string[], distinct: readonly string[]): LineupFault[] {
  return distinct.flatMap((driverId) => {
    const count = driverIds.filter((id) => id === driverId).length;
    if (count === 1) return [];
    const message = `${driverId} is named ${count} times. Choose somebody else for the other places.`;
    return [{ field: "driverIds", reason: "lineup.duplicate_driver", message, driverId, count }];
  });
}

function unknownFaults(distinct: readonly string[], market: ReadonlyMap<string, Pick>): LineupFault[] {
  return distinct
    .filter((driverId) => !market.has(driverId))
    .map((driverId) => {
      const message = `${driverId} is not entered in this race. Choose a driver from its entry list.`;
      return { field: "driverIds", reason: "lineup.unknown_driver", message, driverId };
    });
}

function budgetFaults(picks: readonly Pick[], rules: Ruleset): LineupFault[] {
  const cost = lineupCost(picks);
  const { budget } = rules.lineup;
  if (cost <= budget) return [];
  const over = cost - budget;
  const message = `This line-up costs ${formatTenths(cost)} M, which is ${formatTenths(over)} M over the budget of ${formatTenths(budget)} M. Choose cheaper drivers.`;
  return [
    {
      field: "driverIds",
      reason: "lineup.over_budget",
      message,
      cost: fromTenths(cost),
      budget: fromTenths(budget),
      over: fromTenths(over),
    },
  ];
}

function constructorFaults(picks: readonly Pick[], rules: Ruleset): LineupFault[] {
  const { perConstructor: limit } = rules.lineup;
  return [...new Set(picks.map((pick) => pick.constructorId))].flatMap((constructorId) => {
    const count = picks.filter((pick) => pick.constructorId === constructorId).length;
    if (count <= limit) return [];
    const message = `${count} drivers are from ${constructorId}; at most ${limit} of one constructor may drive for you. Replace ${count - limit}.`;
    return [{ field: "driverIds", reason: "lineup.too_many_of_constructor", message, constructorId, count, limit }];
  });
}

function captainFaults(driverIds: readonly string[], captainId: string): LineupFault[] {
  if (driverIds.includes(captainId)) return [];
  const message = "The captain must be one of your drivers. Name one of them, or add the captain to the line-up.";
  return [{ field: "captainId", reason: "lineup.captain_not_in_lineup", message, captainId }];
}
