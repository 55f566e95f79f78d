import { AskingError } from "./asking.ts";

export function seasonIn(word: string): number {
  if (!/^\d{4}$/.test(word)) throw new AskingError(`"${word}" is no season: say its year, such as 2026.`);
  return Number(word);
}
