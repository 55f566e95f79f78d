import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { startCluster } from "../embedded-database.ts";
import { play } from "./play.ts";
import { say } from "./screen.ts";

const USAGE = `Usage: pnpm demo [--players 200] [--keep]
  --players   how many people play, 20 to 500
  --keep      leave the data in .data/demo, to look at with "PITWALL_DATA=.data/demo pnpm start"`;

const startedAt = performance.now();
const asked = askedFor();
const dataDir = asked.keep ? resolve(".data/demo") : await mkdtemp(join(tmpdir(), "pitwall-demo-"));
if (asked.keep) await rm(dataDir, { recursive: true, force: true });

const cluster = await startCluster(join(dataDir, "postgres"));
const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => interrupted.abort());
try {
  const databaseUrl = await cluster.databaseUrl("pitwall");
  await play({
    databaseUrl,
    players: asked.players,
    jwtSecret: randomBytes(48).toString("base64url"),
    signal: interrupted.signal,
  });
  say(`\nThe whole season took ${Math.round((performance.now() - startedAt) / 1000)} seconds.`);
  if (asked.keep)
    say('Look around in it with: PITWALL_DATA=.data/demo pnpm start   (every player\'s password is "Slipstream44")');
} catch (error) {
  if (!interrupted.signal.aborted) throw error;
  say("\nStopped.");
  process.exitCode = 130;
} finally {
  await cluster.stop();
  if (!asked.keep) await rm(dataDir, { recursive: true, force: true });
}

function askedFor(): { players: number; keep: boolean } {
  try {
    const { values } = parseArgs({
      options: { players: { type: "string", default: "200" }, keep: { type: "boolean", default: false } },
    });
    const players = Number(values.players);
    if (!Number.isInteger(players) || players < 20 || players > 500) throw new RangeError("--players takes 20 to 500");
    return { players, keep: values.keep };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    process.exit(1);
  }
}
