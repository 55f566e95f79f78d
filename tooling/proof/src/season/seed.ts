import type { Editions } from "./editions.ts";
import type { Tally } from "./journal.ts";
import { play } from "./play.ts";
import { aRun } from "./run.ts";
import { comparedWithUndisturbed } from "./undisturbed.ts";

export interface Played {
  readonly seed: number;
  readonly tally: Tally;
  readonly breaches: readonly string[];
  readonly lines: readonly string[];
  /** Of all lines: the same seed has the same. */
  readonly digest: string;
}

/** Plays the season of a seed and, for one in so many, what was acknowledged in it once more, undisturbed. */
export async function playSeed(editions: Editions, seed: number, comparesOneIn = 1): Promise<Played> {
  const edition = await editions.of(seed % editions.count);
  const run = await aRun(seed, edition);
  const { tally, breaches, journal } = run;
  try {
    await play(run);
    if (seed % comparesOneIn === 0) breaches.push(...(await comparedWithUndisturbed(run, edition)));
  } catch (error) {
    breaches.push(`something broke: ${error instanceof Error ? causes(error) : error}`);
  } finally {
    await run.end();
  }
  tally.races = edition.facts.races.length;
  return { seed, tally, breaches, lines: journal.lines, digest: journal.digest() };
}

function causes(error: Error): string {
  return error.cause instanceof Error ? `${error.message}, because ${causes(error.cause)}` : error.message;
}

/** What did not hold, what led to it, and how to see it again. */
export function told({ seed, breaches, lines }: Played): { words: string; replay: string } {
  const led = lines.slice(-LED).map((line) => `    ${line}`);
  return {
    words: [`seed ${seed}: ${breaches.join("; ")}`, ...led].join("\n"),
    replay: `pnpm proof season --seed ${seed}`,
  };
}

const LED = 25;
