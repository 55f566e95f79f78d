import { openDatabase } from "@pitwall/db/database";
import { races } from "@pitwall/db/schema";
import { MINUTE } from "@pitwall/domain/durations";
import { aFolder } from "@pitwall/rig/folder";
import { jsonLog } from "@pitwall/services/log";
import { missingMailer } from "@pitwall/services/mail";
import { expect, onTestFinished, test } from "vitest";
import { type LocalCluster, startCluster } from "./embedded-database.ts";
import { EMBEDDED, readLocalEnv } from "./env.ts";
import { type Game, hasRaceLeft, replayGame } from "./game.ts";
import { openHouse } from "./house.ts";

test("a season is played as it is while it has a race left to lock", () => {
  expect(hasRaceLeft(2026, new Date("2026-12-01T00:00:00Z"))).toBe(true);
  expect(hasRaceLeft(2026, new Date("2026-12-31T00:00:00Z"))).toBe(false);
  expect(hasRaceLeft(1950, new Date("1950-01-01T00:00:00Z"))).toBe(false);
});

test("a replay locks its first race within minutes, and a second start goes on with it", async () => {
  const cluster = await aCluster();
  const first = await lockTimes(cluster);
  const [opening] = first;
  expect(first).toHaveLength(24);
  expect((opening ?? 0) - Date.now()).toBeLessThan(3 * MINUTE);
  expect((opening ?? 0) - Date.now()).toBeGreaterThan(MINUTE);
  expect(await lockTimes(cluster)).toEqual(first);
});

async function aCluster(): Promise<LocalCluster> {
  const folder = aFolder();
  const cluster = await startCluster(folder.path);
  onTestFinished(async () => {
    await cluster.stop();
    folder.remove();
  });
  return cluster;
}

/** Starts the replay as `start --replay` does, and stops it again. */
async function lockTimes(cluster: LocalCluster): Promise<number[]> {
  const game: Game = await replayGame(cluster, readLocalEnv({}));
  const log = jsonLog({ level: "silent" });
  const house = await openHouse({
    env: { ...serverEnv, port: 0 },
    databaseUrl: game.databaseUrl,
    log,
    schedule: game.schedule,
    sources: game.sources,
    mailer: missingMailer(log),
    concurrency: 1,
    tickEvery: 50,
    prepare: game.prepare,
  });
  await house.close();
  await game.close();
  const database = openDatabase({ url: game.databaseUrl, max: 1 });
  const rows = await database.db.select({ lockAt: races.lockAt }).from(races).orderBy(races.lockAt);
  await database.close();
  return rows.map((row) => row.lockAt.getTime());
}

const serverEnv = {
  isProduction: false,
  redisUrl: undefined,
  host: EMBEDDED.HOST,
  publicUrl: undefined,
  jwtSecret: "a secret that only this test knows",
  corsOrigins: [],
  trustedProxies: [],
  admin: undefined,
  smtp: undefined,
  metricsToken: undefined,
  logLevel: "silent" as const,
};
