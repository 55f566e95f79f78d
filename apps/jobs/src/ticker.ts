import { setTimeout as sleep } from "node:timers/promises";
import { enqueue, type JobName } from "@pitwall/services/jobs";
import { missedTicks } from "@pitwall/services/jobs/runs";
import type { JobContext } from "./tasks/context.ts";

const TICKING: readonly JobName[] = ["lock-races", "remind-of-lock", "watch-results"];

/** The clock of a replay: cron knows no moments shorter than a minute, fast motion does. Answers how to stop it. */
export function startTicker(ctx: JobContext, everyMs: number): () => Promise<void> {
  const end = new AbortController();
  const ended = turnUntil(end.signal, ctx, everyMs);
  return () => {
    end.abort();
    return ended;
  };
}

/** What a worker does first when it starts: makes up for all ticks that were missed, each task once. */
export async function catchUp(ctx: JobContext): Promise<void> {
  await tick(ctx);
  for (const name of await missedTicks(ctx)) if (!TICKING.includes(name)) await enqueue(ctx, name, {}, name);
}

/** One turn of the clock. */
export async function tick(ctx: JobContext): Promise<void> {
  for (const name of TICKING) await enqueue(ctx, name, {}, name);
  if (ctx.mailer !== null) await enqueue(ctx, "send-mails", {}, "send-mails");
  if (ctx.seasons !== null) await enqueue(ctx, "sync-season", {}, "sync-season");
}

async function turnUntil(signal: AbortSignal, ctx: JobContext, everyMs: number): Promise<void> {
  while (!signal.aborted) {
    try {
      await tick(ctx);
    } catch (error) {
      ctx.log.warn("a tick was missed", { error: String(error) });
    }
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}
