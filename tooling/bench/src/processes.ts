import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** A program of this room in a process of its own, so that nobody who is measured shares a core with it unasked. */
export interface Companion {
  readonly child: ChildProcess;
  /** Its first word: that it is ready, and where. */
  readonly said: unknown;
  stop(): Promise<void>;
}

export async function accompanied(program: URL, env: Readonly<Record<string, string>> = {}): Promise<Companion> {
  const child = fork(fileURLToPath(program), {
    env: { NODE_ENV: "production", ...env },
    execArgv: [],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  return { child, said: await wordOf(child), stop: () => ended(child) };
}

/** The next message of a companion; its end is none. */
export async function wordOf(child: ChildProcess): Promise<unknown> {
  const over = new AbortController();
  const signal = over.signal;
  const end = once(child, "exit", { signal }).then(() => {
    throw new Error(`a process of the bench ended before it was asked to: ${child.spawnargs.join(" ")}`);
  });
  end.catch(() => undefined);
  try {
    const [word] = await Promise.race([once(child, "message", { signal }), end]);
    return word;
  } finally {
    over.abort();
  }
}

export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = once(child, "exit");
  child.kill("SIGTERM");
  await end;
}

/** What a process holds in memory now and has held at most, in MB; null where the system does not say. */
export async function memoryOf(pid: number | undefined): Promise<{ now: number; most: number } | null> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const megabytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0) / 1024;
  return status === "" ? null : { now: megabytes("VmRSS"), most: megabytes("VmHWM") };
}
