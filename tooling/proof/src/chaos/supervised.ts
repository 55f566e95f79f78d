import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { COMPILED } from "@pitwall/testing/process";
import { sleepOf } from "./sleep.ts";

/** A process of the house that is started again whenever it ends, as its supervisor would. */
export interface Supervised {
  readonly name: string;
  /** Whether it could be asked all the while since a moment by `performance.now()`. */
  wasUpSince(moment: number): boolean;
  kill(): void;
  /** Stands still for so many milliseconds. */
  sleep(ms: number): Promise<void>;
  close(): Promise<void>;
}

export interface Heard {
  readonly where: string;
  readonly text: string;
}

export interface Wanted {
  readonly name: string;
  readonly door: "@pitwall/server/main" | "@pitwall/jobs/main";
  readonly env: Readonly<Record<string, string>>;
  /** The line of its log that says that it works. */
  readonly greeting: string;
  readonly onLine: (line: Heard) => void;
  /** Its end, where nobody killed it. */
  readonly onEnd: (words: string) => void;
}

const REST = 300;

export function supervised({ name, door, env, greeting, onLine, onEnd }: Wanted): Supervised {
  let child: ChildProcess | null = null;
  let upSince = Number.POSITIVE_INFINITY;
  let isClosing = false;
  let isKilled = false;
  const ended = run();

  async function run(): Promise<void> {
    while (!isClosing) {
      isKilled = false;
      const tethered = ["--import", import.meta.resolve("./tether.ts"), fileURLToPath(import.meta.resolve(door))];
      const started = spawn(process.execPath, tethered, {
        env: { NODE_COMPILE_CACHE: COMPILED, ...env },
        stdio: "pipe",
      });
      child = started;
      for (const stream of [started.stdout, started.stderr])
        createInterface({ input: stream }).on("line", (text) => {
          if (text.includes(`"${greeting}"`)) upSince = performance.now();
          onLine({ where: name, text });
        });
      const [code, signal] = await once(started, "exit");
      upSince = Number.POSITIVE_INFINITY;
      if (!isKilled && !isClosing) onEnd(`${name} ended by itself with ${code ?? signal}`);
      if (!isClosing) await wait(REST);
    }
  }

  return {
    name,
    wasUpSince: (moment) => upSince <= moment,
    kill() {
      isKilled = true;
      upSince = Number.POSITIVE_INFINITY;
      child?.kill("SIGKILL");
    },
    async sleep(ms) {
      if (child?.pid !== undefined) await sleepOf(child.pid, ms);
    },
    async close() {
      isClosing = true;
      child?.kill("SIGTERM");
      const late = setTimeout(() => child?.kill("SIGKILL"), 30_000);
      await ended;
      clearTimeout(late);
    },
  };
}
