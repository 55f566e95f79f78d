import { setTimeout as wait } from "node:timers/promises";
import type { Breach } from "../breach.ts";
import { chanceOf } from "../chance.ts";
import { fingerprint } from "../fingerprint.ts";
import { oracle } from "../oracle.ts";
import { aTally } from "./balancer.ts";
import { settle, turnClock } from "./clock.ts";
import { PATH } from "./env.ts";
import { FAULTS, type House } from "./faults.ts";
import { type Game, play, type Seen } from "./player.ts";
import { poolsOf } from "./pools.ts";
import { aSeason, scoredAgain } from "./season.ts";
import { aStage, type Stage } from "./stage.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const RACES = 24;

export interface Wanted {
  readonly seed: number;
  readonly players: number;
  /** Milliseconds. What lasts less than a minute is played as much faster. */
  readonly lasts: number;
  /** Told how many milliseconds are over, and of the fault that begins. */
  readonly step: (over: number, fault: string) => void;
}

/** What came of it. */
export interface Played {
  readonly seen: Seen;
  /** How often there was each fault. */
  readonly faults: ReadonlyMap<string, number>;
  /** When the source was asked. */
  readonly calls: readonly number[];
  /** Processes that nobody killed, and that ended. */
  readonly ends: readonly string[];
  /** What the oracle found when nobody worked any more. */
  readonly breaches: readonly Breach[];
  /** What was still to be done long after. */
  readonly behind: readonly string[];
}

/** Plays in a house of real processes, of which something fails all the time. */
export async function inChaos({ seed, players, lasts, step }: Wanted): Promise<Played> {
  const stage = await aStage(PATH);
  try {
    await stage.ready();
    const tempo = Math.min(1, lasts / MINUTE);
    const every = Math.max(12 * SECOND * Math.max(tempo, 0.5), lasts / RACES);
    const many = Math.min(RACES, Math.floor(lasts / every) + 1);
    const firstLockAt = new Date(Date.now() + 10 * SECOND * Math.max(tempo, 0.5));
    const { feed, weekends, told } = await aSeason(stage.postgres.url(), firstLockAt, { every, many });
    stage.startWorkers(feed.url);
    const seen: Seen = { tally: aTally(), journal: [], reads: [], sessions: [], rush: { saved: 0, late: 0 } };
    const chance = chanceOf(seed);
    const endsAt = Date.now() + lasts;
    // No account may call more than a thousand times in an hour.
    const pace = Math.max(400, lasts / 700);
    const game: Game = { doors: stage.doors, weekends, chance, seen, pace, isOver: () => Date.now() > endsAt };
    const stopClock = turnClock(stage, weekends, chance);
    const playing = Promise.all(Array.from({ length: players }, (_, nth) => play(game, nth)));
    const apis = stage.doors.map(({ process }) => process);
    const house = { ...stage, apis, feed, tempo, terminateAll: () => terminate(stage) };
    const begins = (fault: string) => step(lasts - endsAt + Date.now(), fault);
    const [faults] = await Promise.all([harm(house, { seed, endsAt, weekends, begins }), playing]);
    await stage.ready();
    const behind = await settle(stage, weekends, told);
    await stopClock();
    const behindStill = await settle(stage, weekends, told);
    const pools = await poolsOf(stage.doors);
    const calls = feed.requests.map(({ at }) => at);
    await feed.close();
    const breaches = await stage.close(async ({ db }) => {
      const before = await fingerprint(db);
      await scoredAgain(db);
      return oracle(db, {
        ...{ isAtRest: true, now: new Date(), fingerprint: before, pools },
        ...{ journal: seen.journal, reads: seen.reads, sessions: seen.sessions },
        said: [...seen.tally.said, ...stage.lines.map(lineOf)],
        unhandled: stage.lines
          .filter(({ text }) => UNHANDLED.test(text))
          .map(({ where, text }) => `${where}: ${text.slice(0, 500)}`),
      });
    });
    return { seen, faults, calls, ends: stage.ends, breaches, behind: [...behind, ...behindStill] };
  } catch (error) {
    await stage.close(async () => undefined);
    throw error;
  }
}

const UNHANDLED = /a failure that nobody handled|unhandledRejection|UnhandledPromise|uncaughtException/;

/** A log that tells of an outage names what does not answer; what the queue says past the log is a trace, as errors are. */
function lineOf({ where, text }: { where: string; text: string }) {
  return {
    where,
    text,
    ...((/"level":"(error|warn)"/.test(text) || !text.startsWith("{")) && { is: "error" as const }),
  };
}

async function terminate(stage: Stage): Promise<void> {
  await stage.asked(({ pool }) =>
    pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'",
    ),
  );
}

interface Harm {
  readonly seed: number;
  readonly endsAt: number;
  readonly weekends: Game["weekends"];
  readonly begins: (fault: string) => void;
}

/** One fault after the other, in an order that the seed draws; every third waits for the next lock. */
async function harm(house: House, { seed, endsAt, weekends, begins }: Harm): Promise<Map<string, number>> {
  const chance = chanceOf(seed + 1);
  const done = new Map<string, number>();
  const names = Object.keys(FAULTS).filter((name) => house.redis !== null || !name.startsWith("Redis"));
  for (let nth = 1; ; nth += 1) {
    const rest = chance.between(5, 15) * SECOND * house.tempo;
    const lock = weekends
      .map(({ lockAt }) => lockAt.getTime() - Date.now())
      .find((ms) => ms > SECOND && ms < 15 * SECOND * house.tempo);
    await wait(nth % 3 === 0 && lock !== undefined ? lock - chance.between(0, SECOND) : rest);
    if (Date.now() > endsAt - 5 * SECOND * house.tempo) return done;
    const name = chance.one(names);
    begins(name);
    await FAULTS[name]?.(house, chance);
    done.set(name, (done.get(name) ?? 0) + 1);
  }
}
