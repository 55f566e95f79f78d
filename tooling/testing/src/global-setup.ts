import "@pitwall/rig/provided";
import { randomUUID } from "node:crypto";
import { startEmbedded } from "@pitwall/db/embedded";
import { migrate } from "@pitwall/db/migrate";
import { createDatabase, dropDatabase } from "@pitwall/rig/databases";
import { aFolder } from "@pitwall/rig/folder";
import type { TestProject } from "vitest/node";
import { TEST_DATABASE_URL } from "./env.ts";
import { startRedis } from "./redis-server.ts";

/** One PostgreSQL and one Redis for the whole run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [server, redis] = await Promise.all([startPostgres(), startRedis()]);
  const template = `pitwall_template_${randomUUID().slice(0, 8)}`;
  await migrate({ url: await createDatabase(server.url, template) });
  project.provide("databaseServer", server.url);
  project.provide("databaseTemplate", template);
  project.provide("redisUrl", redis.url);
  return async () => {
    await dropDatabase(server.url, template);
    await Promise.all([server.stop(), redis.stop()]);
  };
}

async function startPostgres(): Promise<{ url: string; stop(): Promise<void> }> {
  if (TEST_DATABASE_URL) return { url: TEST_DATABASE_URL, stop: async () => undefined };
  const folder = aFolder();
  const server = await startEmbedded({ dataDir: folder.path, durable: false });
  return {
    url: server.url,
    async stop() {
      await server.stop();
      folder.remove();
    },
  };
}
