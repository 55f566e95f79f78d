const DEAREST = 30.5;
const CHEAPEST = 5;
/** What is expected of somebody without a past in the same car as a driver with one. */
const WITHOUT_A_PAST = 0.6;

export interface Prospect {
  readonly driverId: string;
  /** Points of the driver's previous season; null without one. */
  readonly ownPoints: number | null;
  /** Half of the constructor's points of the previous season, whoever drove for it then. */
  readonly seatPoints: number;
}

/**
 * Millions by driver. Drivers are ranked by the mean of what they and their seat scored in the previous season, and priced in even
 * steps from the dearest to the cheapest. Points themselves fall so steeply that a price drawn from them would make half
 * of the field a bargain.
 */
export function prices(field: readonly Prospect[]): Map<string, number> {
  const ranked = field.toSorted(
    (a, b) => expectation(b) - expectation(a) || a.driverId.localeCompare(b.driverId, "en"),
  );
  const step = (DEAREST - CHEAPEST) / Math.max(1, ranked.length - 1);
  return new Map(ranked.map(({ driverId }, rank) => [driverId, Math.round((DEAREST - rank * step) * 10) / 10]));
}

function expectation({ ownPoints, seatPoints }: Prospect): number {
  return ownPoints === null ? seatPoints * WITHOUT_A_PAST : (ownPoints + seatPoints) / 2;
}
