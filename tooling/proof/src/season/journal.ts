import { createHash } from "node:crypto";

/** What happened, line by line, as a person reads it. */
export interface Journal {
  readonly lines: readonly string[];
  note(at: Date, words: string): void;
  /** The same for the same run. */
  digest(): string;
}

export function aJournal(): Journal {
  const lines: string[] = [];
  return {
    lines,
    note: (at, words) => lines.push(`${at.toISOString().replace("T", " ").replace("Z", "")}  ${words}`),
    digest: () => createHash("sha256").update(lines.join("\n")).digest("hex"),
  };
}

export const COUNTED = [
  "races",
  "acts",
  "refusals",
  "crashes",
  "doubled jobs",
  "lost jobs",
  "troubled answers",
  "results",
  "corrections",
  "held answers",
  "calendar changes",
] as const;

export type Tally = Record<(typeof COUNTED)[number], number>;

export function emptyTally(): Tally {
  return Object.fromEntries(COUNTED.map((what) => [what, 0])) as Tally;
}

export function added(one: Tally, other: Tally): Tally {
  return Object.fromEntries(COUNTED.map((what) => [what, one[what] + other[what]])) as Tally;
}
