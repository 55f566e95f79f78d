import { setTimeout as wait } from "node:timers/promises";
import { inWords } from "../breach.ts";
import type { Engine, Failure } from "../engine.ts";
import { oracle } from "../oracle.ts";
import { aTally, type Tally } from "./balancer.ts";
import { settle, turnClock } from "./clock.ts";
import { PATH } from "./env.ts";
import { FAULTS, type House } from "./faults.ts";
import { type Game, play, REFUSED, type Seen } from "./player.ts";
import { aRandom } from "./random.ts";
import { aSeason } from "./season.ts";
import { aStage, type Stage } from "./stage.ts";

const SECOND = 1_000;
const PLAYERS = 12;
const RACES = 24;
/** Of the answers that are no clean refusal: how many may be wrong. */
const MOST_WRONG = 0.001;

/** Real processes, clients who keep a journal, and a fault every few seconds. */
export const chaos: Engine = {
  name: "chaos",
  summary: "servers, workers and stores as real processes under load, a fault every 5 to 15 s, the oracle at the end",
  options: { players: `how many there are, ${PLAYERS} unless said` },
  async run({ seed, minutes, own }, watch) {
    const lasts = (minutes ?? 3) * 60 * SECOND;
    const players = Number(own.players ?? PLAYERS);
    const stage = await aStage(PATH);
    const progress = watch("chaos", Math.round(lasts / SECOND));
    try {
      await stage.ready();
      const every = Math.max(12 * SECOND, lasts / RACES);
      const many = Math.min(RACES, Math.floor(lasts / every));
      const { feed, weekends, told } = await aSeason(stage.postgres.url(), new Date(Date.now() + 10 * SECOND), {
        every,
        many,
      });
      stage.startWorkers(feed.url);
      const seen: Seen = { tally: aTally(), journal: [], reads: [], sessions: [], rush: { saved: 0, late: 0 } };
      const random = aRandom(seed);
      const endsAt = Date.now() + lasts;
      const isOver = () => Date.now() > endsAt;
      // No account may call more than a thousand times in an hour.
      const pace = Math.max(400, lasts / 700);
      const game: Game = { doors: stage.doors, weekends, random, seen, pace, isOver };
      const stopClock = turnClock(stage, weekends, random);
      const playing = Promise.all(Array.from({ length: players }, (_, nth) => play(game, nth)));
      const house = {
        ...stage,
        apis: stage.doors.map(({ process }) => process),
        feed,
        terminateAll: () => terminate(stage),
      };
      const [faults] = await Promise.all([
        harm(house, {
          seed,
          endsAt,
          weekends,
          step: (what) => progress.step(Math.round((lasts - endsAt + Date.now()) / SECOND), what),
        }),
        playing,
      ]);
      await stage.ready();
      const behind = await settle(stage, weekends, told);
      await stopClock();
      const behindStill = await settle(stage, weekends, told);
      const calls = feed.requests.map(({ at }) => at);
      await feed.close();
      const breaches = await stage.close(({ db }) =>
        oracle(db, {
          ...{ isAtRest: true, journal: seen.journal, reads: seen.reads, sessions: seen.sessions },
          said: [...seen.tally.said, ...stage.lines.map(lineOf)],
          unhandled: stage.lines
            .filter(({ text }) => UNHANDLED.test(text))
            .map(({ where, text }) => `${where}: ${text.slice(0, 500)}`),
        }),
      );
      const replay = `pnpm proof chaos --seed ${seed} --minutes ${lasts / 60 / SECOND}`;
      const words = [
        ...breaches.map(inWords),
        ...behind,
        ...behindStill,
        ...tooMany(calls),
        ...wrongs(seen.tally),
        ...stage.ends.filter((end) => end.startsWith("API")),
      ];
      return {
        rows: rowsOf(seen, faults, stage, calls.length),
        failures: words.map((one): Failure => ({ words: one, replay })),
      };
    } catch (error) {
      await stage.close(async () => undefined);
      throw error;
    } finally {
      progress.end();
    }
  },
};

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
  readonly step: (what: string) => void;
}

/** One fault after the other, in an order that the seed draws; every third waits for the next lock. */
async function harm(house: House, { seed, endsAt, weekends, step }: Harm): Promise<Map<string, number>> {
  const random = aRandom(seed + 1);
  const done = new Map<string, number>();
  const names = Object.keys(FAULTS).filter((name) => house.redis !== null || !name.startsWith("Redis"));
  for (let nth = 1; ; nth += 1) {
    const rest = random.between(5, 15) * SECOND;
    const lock = weekends
      .map(({ lockAt }) => lockAt.getTime() - Date.now())
      .find((ms) => ms > SECOND && ms < 15 * SECOND);
    await wait(nth % 3 === 0 && lock !== undefined ? lock - random.between(0, SECOND) : rest);
    if (Date.now() > endsAt - 5 * SECOND) return done;
    const name = random.one(names);
    step(name);
    await FAULTS[name]?.(house, random);
    done.set(name, (done.get(name) ?? 0) + 1);
  }
}

function wrongs({ wrongs: all, reads, writes }: Tally): string[] {
  const said = [...new Set(all)].slice(0, 5).join("; ");
  const many = Object.entries({ reads, writes })
    .filter(([, { right, clean, wrong }]) => wrong > MOST_WRONG * (right + clean + wrong))
    .map(([kind, { wrong }]) => `${wrong} ${kind} were answered wrong, such as: ${said}`);
  const refused = all.filter((words) => words.includes(REFUSED));
  return refused.length > 0
    ? [...many, `${refused.length} refusals that nobody foresaw, such as: ${refused[0]}`]
    : many;
}

/** The source is asked at most four times a second; the hours of this run are short. */
function tooMany(calls: readonly number[]): string[] {
  const inOrder = calls.toSorted((a, b) => a - b);
  const first = inOrder.find((at, nth) => (inOrder[nth + 4] ?? Number.POSITIVE_INFINITY) - at < SECOND);
  return first === undefined
    ? []
    : [`I14 the source was asked more than four times in a second, from ${new Date(first).toISOString()}`];
}

function rowsOf(
  { tally, journal, reads, sessions, rush }: Seen,
  faults: Map<string, number>,
  stage: Stage,
  calls: number,
) {
  const share = ({ right, clean, wrong }: Tally["reads"]) => {
    const all = Math.max(1, right + clean + wrong);
    return `${right} right, ${clean} clean 503 or refused, ${wrong} wrong (${(((right + clean) / all) * 100).toFixed(3)} %; answered ${((right / all) * 100).toFixed(1)} %)`;
  };
  const fates = (fate: string) => journal.filter((entry) => entry.fate === fate).length;
  return [
    { what: "faults", count: [...faults.values()].reduce((a, b) => a + b, 0) },
    ...[...faults].map(([what, count]) => ({ what: `  ${what}`, count })),
    { what: "reads", count: share(tally.reads) },
    { what: "writes", count: share(tally.writes) },
    {
      what: "journal",
      count: `${fates("acknowledged")} acknowledged, ${fates("unknown")} unknown, ${fates("refused")} refused`,
    },
    { what: "revisions seen", count: reads.length },
    { what: "sessions ended", count: sessions.filter(({ what }) => what === "ended").length },
    { what: "saved in the rush of a lock", count: `${rush.saved}, and ${rush.late} refused as late or stale` },
    { what: "calls of the source", count: calls },
    { what: "processes that ended by themselves", count: stage.ends.length },
  ];
}
