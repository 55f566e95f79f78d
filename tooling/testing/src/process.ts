import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

export type Process = ChildProcessByStdio<null, Readable, Readable>;

/** Where processes that end in order leave what they have compiled: the next of the same program starts in two thirds of the time. */
export const COMPILED = fileURLToPath(new URL("../../../node_modules/.cache/compiled", import.meta.url));

/** A program of the house, in the environment that is said and no other. It ends with the test at the latest. */
export function started(program: URL, env: Readonly<Record<string, string>>, ...args: readonly string[]): Process {
  const child = spawn(process.execPath, [fileURLToPath(program), ...args], {
    env: { NODE_COMPILE_CACHE: COMPILED, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

export interface Ending {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How it ended, and all that it said. */
export async function ended(child: Process): Promise<Ending> {
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { code, stdout, stderr };
}
