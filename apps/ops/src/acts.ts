import type { Caller } from "@pitwall/api";

/** What a script came to, for people and for programs. */
export interface Told {
  readonly text: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

export type Act = (caller: Caller) => Promise<Told>;

/** It was understood and cannot be done, for a reason in words. */
export class RefusedError extends Error {}
