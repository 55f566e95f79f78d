import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";

/** A program that cannot outlive this process. */
export type Tethered = ChildProcessByStdio<Writable, null, Readable>;

/**
 * The shell holds on to our pipe and interrupts the program when it closes, so that even a SIGKILL leaves nothing behind. It
 * lets go of stderr, otherwise a program that fails to start would never end the stream.
 */
const DEAD_MANS_PIPE = '"$@" & exec 2>&-; read -r _; kill -INT $!; wait $!';

/** Detached, because Ctrl-C must reach those who use the program, not the program. Its words come on stderr. */
export function spawnTethered(
  command: readonly string[],
  place: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Tethered {
  return spawn("/bin/sh", ["-c", DEAD_MANS_PIPE, "sh", ...command], {
    cwd: place.cwd,
    env: { ...place.env },
    detached: true,
    stdio: ["pipe", "ignore", "pipe"],
  });
}

/** The shell lives as long as we do, so the end of the program is the end of its words. */
export function endOf(program: Tethered): Promise<void> {
  return new Promise((resolve) => program.stderr.once("end", resolve));
}

const PATIENCE = 15_000;

export async function untether(program: Tethered): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null || program.pid === undefined) return;
  const ended = new Promise<void>((resolve) => program.once("exit", () => resolve()));
  const group = -program.pid;
  const impatience = setTimeout(() => process.kill(group, "SIGQUIT"), PATIENCE);
  program.stdin.end();
  await ended;
  clearTimeout(impatience);
}

const WORDS_KEPT = 4_000;

/** Null once the program has said `greeting`, else what it said before it gave up. Reads on, so that it never has to wait for us. */
export function greetingOf(program: Tethered, greeting: string): Promise<string | null> {
  return new Promise((resolve) => {
    let said = "";
    program.on("error", (error) => resolve(error.message));
    program.stderr.setEncoding("utf8");
    program.stderr.on("data", (text: string) => {
      said = (said + text).slice(-WORDS_KEPT);
      if (said.includes(greeting)) resolve(null);
    });
    program.stderr.on("end", () => resolve(said.trim()));
  });
}
