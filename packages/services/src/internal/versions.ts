import { DomainError } from "@pitwall/domain/domain-error";

const REASONS = {
  league: "league.version_stale",
  race: "race.version_stale",
  driver: "driver.version_stale",
} as const;

/** Refuses what was meant for a thing as it was before. Whoever asks holds it; without a version nothing is asked. */
export function refuseStale(
  subject: keyof typeof REASONS,
  meant: number | undefined,
  held: { readonly version: number },
): void {
  if (meant === undefined || meant === held.version) return;
  throw new DomainError(
    "conflict",
    REASONS[subject],
    `The ${subject} has changed since you read it. Read it again, then change it.`,
  );
}
