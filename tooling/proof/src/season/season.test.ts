import "@pitwall/rig/provided";
import { afterAll, expect, inject, test } from "vitest";
import { type Editions, editionsOn } from "./editions.ts";
import { FAILED } from "./failed.ts";
import { addTo, emptyTally } from "./journal.ts";
import { playSeed, told } from "./seed.ts";

const here = () => editionsOn(inject("databaseServer"), inject("databaseTemplate"));
const editions = here();
afterAll(() => editions.drop());

const SEEDS = 200;

test(`in the seasons of ${SEEDS} seeds, and of those that found a fault once, all of it holds, whatever goes wrong`, {
  timeout: 300_000,
}, async () => {
  const seeds = [...new Set([...Array.from({ length: SEEDS }, (_, at) => at + 1), ...FAILED])];
  const tally = emptyTally();
  const player = async () => {
    for (let seed = seeds.pop(); seed !== undefined; seed = seeds.pop()) {
      const played = await playSeed(editions, seed, 10);
      addTo(tally, played.tally);
      if (played.breaches.length > 0) expect.soft(told(played)).toBeNull();
    }
  };
  await Promise.all([player(), player(), player()]);
  for (const [what, count] of Object.entries(tally)) expect(count, what).toBeGreaterThan(0);
});

test.each([8])("the season of seed %i is the same each time", async (seed) => {
  const [once, again] = [await playSeed(editions, seed, 100), await playSeed(editions, seed, 100)];
  expect(again.lines).toEqual(once.lines);
  expect(again.digest).toBe(once.digest);
});

test.for([
  [
    "a clock two hours behind stamps the line-ups",
    1,
    `create or replace function stamp_lineup() returns trigger language plpgsql as $$
     begin new.saved_at := clock_timestamp() - interval '2 hours'; return new; end $$`,
  ],
  ["nobody counts whoever leaves a league", 23, "drop trigger if exists league_members_gone on league_members"],
] as const)("it is found that %s", async ([, seed, sabotage]) => {
  const sabotaged = brokenBy(here(), sabotage);
  const { breaches } = await playSeed(sabotaged, seed, 100);
  await sabotaged.drop();
  expect(breaches).not.toEqual([]);
});

function brokenBy(whole: Editions, sabotage: string): Editions {
  return {
    ...whole,
    async of(index) {
      const edition = await whole.of(index);
      return {
        ...edition,
        async open() {
          const ground = await edition.open();
          await ground.database.pool.query(sabotage);
          return ground;
        },
      };
    },
  };
}
