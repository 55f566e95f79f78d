import type { Engine, Failure } from "../engine.ts";
import { onScratch } from "../scratch.ts";
import { type Editions, editionsOn } from "./editions.ts";
import { addTo, counted, emptyTally } from "./journal.ts";
import { playSeed, told } from "./seed.ts";

/** Plays seasons that only their seeds decide, against everything that may go wrong in one. */
export const season: Engine = {
  name: "season",
  summary:
    "plays whole seasons from seeds: players, cheats, a moving calendar, a bad source, lost and doubled jobs, crashes",
  options: {
    log: "any word: every line of the seasons, on stderr",
    compare: "for one seed in how many the same is done again undisturbed; each one unless said",
  },
  async run({ seed: first, seeds, minutes, own }, watch) {
    const until = minutes === null ? Number.POSITIVE_INFINITY : performance.now() + minutes * 60_000;
    const count = seeds ?? (minutes === null ? 1 : Number.MAX_SAFE_INTEGER);
    const failures: Failure[] = [];
    const tally = emptyTally();
    let played = 0;
    let breaches = 0;
    const progress = watch("seasons", count);
    await onScratch(async ({ next: anEmptyDatabase }) => {
      const editions = editionsBeside(await anEmptyDatabase());
      let next = first;
      const player = async () => {
        while (next < first + count && performance.now() < until) {
          const one = await playSeed(editions, next++, Number(own.compare ?? 1));
          addTo(tally, one.tally);
          played += 1;
          breaches += one.breaches.length;
          if (one.breaches.length > 0) {
            const failure = told(one);
            failures.push(failure);
            process.stderr.write(`${failure.words}\n`);
          }
          if (own.log !== undefined) process.stderr.write(`${one.lines.join("\n")}\n${one.digest}\n`);
          progress.step(played, `${breaches} breaches`);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, player));
      await editions.drop();
    });
    progress.end();
    const rows = counted.map((what) => ({ what, count: tally[what] }));
    return { rows: [{ what: "seasons", count: played }, ...rows, { what: "breaches", count: breaches }], failures };
  },
};

/** One waits for the database while another reckons. */
const AT_ONCE = 3;

/** The server of an empty database has room for more of its kind. */
function editionsBeside(empty: string): Editions {
  const server = new URL(empty);
  const template = server.pathname.slice(1);
  server.pathname = "/postgres";
  return editionsOn(server.href, template);
}
