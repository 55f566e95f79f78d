/** A whole number of tenths: of a point where it counts points, of a million where it is a price. */
export type Tenths = number;

/** Throws a RangeError when the number needs more than one decimal, since points and prices are exact. */
export function toTenths(decimal: number): Tenths {
  const tenths = Math.round(decimal * 10);
  // An integer divided by ten is the very double that its decimal literal denotes, so this comparison is exact.
  if (!Number.isSafeInteger(tenths) || tenths / 10 !== decimal) {
    throw new RangeError(`${decimal} is not a number with at most one decimal`);
  }
  return tenths === 0 ? 0 : tenths; // no negative zero
}

export function fromTenths(tenths: Tenths): number {
  return tenths / 10;
}

/** Always one decimal: "37.5", "100.0". */
export function formatTenths(tenths: Tenths): string {
  return fromTenths(tenths).toFixed(1);
}
