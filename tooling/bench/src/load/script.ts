import type { Sample } from "../samples.ts";

export interface Choice {
  readonly driverIds: readonly string[];
  readonly captainId: string;
}

/** What people do, each connection its own part of it, over and over. */
export type Script =
  /** The paths in turn, by guests from anywhere; with tokens, the nth asks for the nth path, or the first ones again. */
  | { readonly kind: "reads"; readonly paths: readonly string[]; readonly tokens?: readonly string[] }
  | { readonly kind: "lineups"; readonly teams: readonly SavingTeam[]; readonly choices: readonly Choice[] }
  /** Each connection is one session, and goes from token to token. */
  | { readonly kind: "refreshes"; readonly tokens: readonly string[] }
  | { readonly kind: "sign-ins"; readonly logins: readonly string[]; readonly password: string };

export interface SavingTeam {
  readonly id: string;
  readonly token: string;
  readonly version: number;
}

export interface Job {
  /** Paths are added to it. */
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  readonly script: Script;
}

export interface Shots {
  readonly sample: Sample;
  /** How many answers there were of each status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Of the generator itself: at 1 it is what bounds the figure. */
  readonly coresUsed: number;
}
