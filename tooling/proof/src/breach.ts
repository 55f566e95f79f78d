export type Invariant = `I${number}`;

/** Something that must hold whatever happens, and does not. */
export interface Breach {
  readonly invariant: Invariant;
  readonly words: string;
  readonly where: string;
}

export function inWords({ invariant, words, where }: Breach): string {
  return `${invariant} ${where}: ${words}`;
}
