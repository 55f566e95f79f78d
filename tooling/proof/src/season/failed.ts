/** Seeds that have found a fault, in the house or in what proves it. They are played for ever. */
export const FAILED: readonly number[] = [87];
