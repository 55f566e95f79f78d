import { HOUR } from "./durations.ts";

/** Fast motion: the real moment `from` happens at `to`, and from there an hour lasts `hour` milliseconds. */
export interface Tempo {
  readonly from: Date;
  readonly to: Date;
  readonly hour: number;
}

export function replayed(moment: Date, tempo: Tempo): Date {
  const hours = (moment.getTime() - tempo.from.getTime()) / HOUR;
  return new Date(Math.round(tempo.to.getTime() + hours * tempo.hour));
}
