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

const NOTHING = {
  races: 0,
  acts: 0,
  refusals: 0,
  crashes: 0,
  "doubled jobs": 0,
  "lost jobs": 0,
  "troubled answers": 0,
  results: 0,
  corrections: 0,
  "held answers": 0,
  "calendar changes": 0,
};

export type Counted = keyof typeof NOTHING;
export type Tally = Record<Counted, number>;

export const emptyTally = (): Tally => ({ ...NOTHING });

export const counted = Object.keys(NOTHING).filter((name): name is Counted => name in NOTHING);

export function addTo(sum: Tally, one: Tally): void {
  for (const what of counted) sum[what] += one[what];
}
