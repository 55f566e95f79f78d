import { spawn } from "node:child_process";
import { once } from "node:events";

/** Stops a process, or a group by its number below zero, for a while. It goes on even if nobody is left to hear of it. */
export async function sleepOf(pid: number, ms: number): Promise<void> {
  const nap = 'kill -s STOP -- "$1"; sleep "$2"; kill -s CONT -- "$1"';
  const sleeper = spawn("sh", ["-c", nap, "sh", `${pid}`, `${ms / 1_000}`], { detached: true, stdio: "ignore" });
  await once(sleeper, "exit");
}
