import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { aStage, type Stage } from "./stage.fixture.ts";

const DOORS = {
  main: new URL("./main.ts", import.meta.url),
  once: new URL("./once.ts", import.meta.url),
  worker: new URL("./worker-process.fixture.ts", import.meta.url),
};

/** A door of this room as a process of its own, in the environment that is said and no other. */
export function started(door: keyof typeof DOORS, args: readonly string[], env: Record<string, string>) {
  const path = fileURLToPath(DOORS[door]);
  const child = spawn(process.execPath, [path, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

export interface Ending {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export async function ended(child: ReturnType<typeof started>): Promise<Ending> {
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { code, stdout, stderr };
}

/** A stage on which the flag of the first race fell three hours ago by everybody's clock, and where a process finds it. */
export async function afterTheFlag(): Promise<{ stage: Stage; env: Record<string, string> }> {
  const stage = await aStage();
  stage.turnTo(3.5);
  await stage.pool.query(
    "update races set lock_at = now() - interval '1 day', flag_due_at = now() - interval '3 hours'",
  );
  return { stage, env: { DATABASE_URL: stage.url, F1_API_BASE_URL: stage.feed.url } };
}
