import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { chanceOf } from "../chance.ts";
import type { Engine, EngineOptions, Failure, Outcome } from "../engine.ts";
import { onScratch } from "../scratch.ts";
import type { Watch } from "../screen.ts";
import { aGround, type Ground } from "./ground.ts";
import { rawShotOf } from "./raw.ts";
import { type Shot, shotOf } from "./shots.ts";
import { aTally, type Tally } from "./tally.ts";
import { fault, rawFault } from "./verdict.ts";

export const hostile: Engine = {
  name: "hostile",
  summary: "sends what nobody should send to every route, and looks at what is answered, logged and kept",
  options: { requests: "how many; 200000 unless it is said" },
  run: (options, watch) =>
    onScratch(async ({ next }) => {
      const ground = await aGround(await next());
      try {
        return await fired(ground, options, watch);
      } finally {
        await ground.close();
      }
    }),
};

const REQUESTS = 200_000;
const VOLLEY = 400;
const AT_ONCE = 24;
const MOST_TOLD = 20;
const MOST_LEFT = 64 * 1024 * 1024;

async function fired(ground: Ground, options: EngineOptions, watch: Watch): Promise<Outcome> {
  const { seed, minutes, own } = options;
  const requests = Number(own.requests ?? REQUESTS);
  if (!Number.isSafeInteger(requests) || requests < 1)
    throw new TypeError("--requests takes a whole number above zero");
  const until = performance.now() + (minutes ?? Number.POSITIVE_INFINITY) * 60_000;
  const progress = watch("requests", requests);
  const tally = aTally();
  const failures: Failure[] = [];
  await volley(ground, seed, aTally());
  const before = heldNow();
  let done = 0;
  while (tally.sent() < requests && performance.now() < until && failures.length < MOST_TOLD) {
    for (const words of await volley(ground, seed + done, tally))
      failures.push({ words, replay: `pnpm proof hostile --seed ${seed + done} --requests 1` });
    done += 1;
    progress.step(Math.min(tally.sent(), requests));
  }
  progress.end();
  const left = heldNow() - before;
  if (left > MOST_LEFT)
    failures.push({ words: `${left} bytes are still held`, replay: `pnpm proof hostile --seed ${seed}` });
  const megabytes = `${Math.round(left / 1024 / 1024)} MB more than before`;
  return {
    rows: [{ what: "requests", count: tally.sent() }, { what: "memory", count: megabytes }, ...tally.rows()],
    failures,
  };
}

/** Some shots at once, and what of them did not go as it should. */
export async function volley(ground: Ground, seed: number, tally: Tally): Promise<string[]> {
  const inputs = await ground.ready();
  const chance = chanceOf(seed);
  const shots = Array.from({ length: VOLLEY }, () => shotOf(chance, inputs));
  const raw = Array.from({ length: VOLLEY / 8 }, () => rawShotOf(chance));
  const faults: string[] = [];
  const refused: Shot[] = [];
  const send = async (shot: Shot) => {
    const heard = await ground.client.send(shot, ground.tokenOf(shot.as));
    tally.heard(shot, heard);
    const wrong = fault(shot, heard);
    if (wrong !== null) faults.push(`${inWords(shot)} ${wrong}`);
    return heard;
  };
  await sharedOut(shots, async (shot) => {
    const heard = await send(shot);
    if (heard.status === 0 || heard.status >= 400) refused.push(shot);
  });
  const before = await ground.contents();
  const again = await sharedOut(refused, async (shot) => (await send(shot)).status);
  await sharedOut(raw, async ({ kind, bytes, leaves }) => {
    const text = await ground.client.sendRaw(bytes, { leaves });
    tally.heardRaw(kind, text);
    const wrong = rawFault(text);
    if (wrong !== null) faults.push(`${kind} ${JSON.stringify(bytes.toString("latin1").slice(0, 300))} ${wrong}`);
  });
  const isRefusedAgain = again.every((status) => status === 0 || status >= 400);
  if (isRefusedAgain && (await ground.contents()) !== before)
    faults.push("something that was refused has changed a table");
  if (Reflect.get({}, "polluted") !== undefined) faults.push("every object has become another");
  return [...faults, ...ground.faults.splice(0)];
}

function inWords({ method, path, as, headers, body }: Shot): string {
  return `${method} ${path.slice(0, 300)} as ${as} ${JSON.stringify(headers)} ${body?.slice(0, 300) ?? ""}:`;
}

async function sharedOut<T, R>(list: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const left = [...list];
  const results: R[] = [];
  const lane = async () => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) results.push(await work(one));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return results;
}

/** Bytes that are in use, after everything that is not has been cleared away. */
function heldNow(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed;
}
