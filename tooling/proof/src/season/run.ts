import { memoryCache } from "@pitwall/cache/memory";
import type { Classification } from "@pitwall/domain/classifications";
import { HOUR } from "@pitwall/domain/durations";
import { SCHEDULE } from "@pitwall/domain/schedule";
import { jolpica } from "@pitwall/jobs/feed/jolpica";
import { type JobContext, jobContext } from "@pitwall/jobs/tasks/context";
import { type Chance, chanceOf } from "../chance.ts";
import type { Act } from "./acts.ts";
import { type Book, emptyBook } from "./book.ts";
import { type Edition, SILENT } from "./editions.ts";
import { aJournal, emptyTally, type Journal, type Tally } from "./journal.ts";
import { aMortal, anImmortal, type Mortal } from "./mortal.ts";
import { scriptFor, type Upstream, upstreamOf } from "./upstream.ts";
import { aWorld, type Process, type World } from "./world.ts";

/** An act that was acknowledged, and when. */
export interface Acknowledged {
  readonly at: Date;
  readonly act: Act;
}

/** One season of one seed, while it is played. */
export interface Run {
  readonly world: World;
  readonly chance: Chance;
  readonly journal: Journal;
  readonly tally: Tally;
  readonly book: Book;
  readonly upstream: Upstream;
  readonly acknowledged: Acknowledged[];
  /** What did not hold. */
  readonly breaches: string[];
  /** Whether processes die in it. */
  readonly isPerilous: boolean;
  readonly server: Mortal;
  readonly worker: Mortal;
  /** What the source last said of a race that could be read, by its round. */
  readonly said: Map<number, Classification>;
  readonly lastLook: { id: number; outcome?: string };
  /** The clock, speaking through a process. */
  clockIn(process: Process): JobContext;
  end(): Promise<void>;
}

const SKEWS = [0, 0, 2 * HOUR, -2 * HOUR, HOUR / 60] as const;

export async function aRun(seed: number, edition: Edition): Promise<Run> {
  const chance = chanceOf(seed);
  const world = await aWorld(edition);
  const isPerilous = chance.happens(0.3);
  const skews = { server: chance.of(SKEWS) ?? 0, worker: chance.of(SKEWS) ?? 0 };
  const upstream = upstreamOf(scriptFor(edition.facts, chance), world.now, () => world.now().getTime() + skews.worker);
  const server = isPerilous ? await aMortal(world, "server", skews.server) : anImmortal(world, skews.server);
  const worker = isPerilous ? await aMortal(world, "worker", skews.worker) : anImmortal(world, skews.worker);
  const said = new Map<number, Classification>();
  const source = jolpica(upstream);
  const listening = {
    name: source.name,
    async classificationOf(race: Parameters<typeof source.classificationOf>[0]) {
      const answer = await source.classificationOf(race);
      if (answer.kind === "classification") said.set(race.round, answer.classification);
      return answer;
    },
  };
  const parts = { cache: memoryCache(), log: SILENT, schedule: SCHEDULE, source: listening, seasons: null };
  return {
    ...{ world, chance, journal: aJournal(), tally: emptyTally(), book: emptyBook(), upstream, acknowledged: [] },
    ...{ breaches: [], isPerilous, server, worker, said, lastLook: { id: 0 } },
    clockIn: ({ database: { db }, skew }) =>
      jobContext({ ...parts, db, now: () => new Date(world.now().getTime() + skew) }),
    async end() {
      await Promise.all([server.end(), worker.end()]);
      await world.end();
    },
  };
}
