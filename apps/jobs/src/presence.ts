import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { MINUTE, SECOND } from "@pitwall/domain/durations";
import { leave, pulse, takeOver, type Worker } from "@pitwall/services/jobs/workers";
import type { JobContext } from "./tasks/context.ts";

/** In milliseconds: how often a worker says that it is alive, and after which silence the others believe that it is not. */
export interface Rhythm {
  readonly every: number;
  readonly patience: number;
}

/** Who is killed is missed after half a minute at the latest. */
const RHYTHM: Rhythm = { every: 5 * SECOND, patience: 20 * SECOND };

/** Due moments are judged by this process's clock, and deadlines by the database's: they should not be far apart. */
const MOST_SKEW = MINUTE;

/**
 * Says regularly that this worker is alive, and takes over from those that no longer say so. Answers how to leave; calling
 * that again is harmless.
 */
export async function attend(
  ctx: JobContext,
  who: Pick<Worker, "id" | "pool">,
  rhythm: Rhythm = RHYTHM,
): Promise<() => Promise<void>> {
  const end = new AbortController();
  const worker = { ...who, host: hostname(), pid: process.pid };
  await pulse(ctx, worker, rhythm.patience);
  const attending = attendUntil(end.signal, ctx, worker, rhythm);
  let leaving: Promise<void> | undefined;
  return () => {
    end.abort();
    leaving ??= attending.then(() => leave(ctx, worker));
    return leaving;
  };
}

async function attendUntil(
  signal: AbortSignal,
  ctx: JobContext,
  worker: Worker,
  { every, patience }: Rhythm,
): Promise<void> {
  let isSkewed = false;
  for (;;) {
    await sleep(every, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      const { wasAlive, skew } = await pulse(ctx, worker, patience);
      if (Math.abs(skew) > MOST_SKEW && !isSkewed)
        ctx.log.warn("the clock of this process is not the database's", { aheadBySeconds: Math.round(skew / SECOND) });
      isSkewed = Math.abs(skew) > MOST_SKEW;
      if (!wasAlive) ctx.log.warn("this worker was silent for so long that others may have taken over", { ...worker });
      else await takeOverLoudly(ctx, patience);
    } catch (error) {
      ctx.log.warn("a pulse was missed", { error });
    }
  }
}

async function takeOverLoudly(ctx: JobContext, patience: number): Promise<void> {
  const { givenUp, ...taken } = await takeOver(ctx, patience);
  if (Object.values(taken).some((count) => count > 0)) ctx.log.warn("what silent workers held was taken over", taken);
  if (givenUp > 0) ctx.log.error("jobs were given up, since no worker survived them", { jobs: givenUp });
}
