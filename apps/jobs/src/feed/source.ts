import type { SessionKind } from "@pitwall/domain/classifications";
import type { Answer } from "@pitwall/services/results/answers";
import type { Testimony } from "@pitwall/services/results/testimony";
import type { SeasonAnswer } from "@pitwall/services/seasons/answers";
import type { PutOff } from "./client.ts";

/** Which classification is asked for. The circuit tells a race from the one that has its round after the calendar changed. */
export interface AskedRace {
  readonly season: number;
  readonly round: number;
  readonly circuitId: string;
  readonly sessions: readonly SessionKind[];
}

/** Somebody who publishes results. Whatever goes wrong out there is an answer too, never a throw. */
export interface ResultSource {
  readonly name: string;
  classificationOf(race: AskedRace): Promise<Answer | PutOff>;
}

/** Somebody who knows a season: its calendar, who enters it, who drives in it. */
export interface SeasonSource {
  readonly name: string;
  seasonOf(season: number): Promise<SeasonAnswer | PutOff>;
}

export interface WitnessedRace {
  readonly season: number;
  readonly startsAt: Date;
}

/** Somebody whose word is heard beside that of a source, and never counts. */
export interface Witness {
  readonly name: string;
  testimonyOf(race: WitnessedRace): Promise<Testimony>;
}
