import type { RateLimits } from "@pitwall/api";
import type { Cache } from "@pitwall/cache/cache";
import { memoryCache } from "@pitwall/cache/memory";
import { SCHEDULE } from "@pitwall/domain/schedule";
import { startServer } from "@pitwall/server/serve";
import { openServices } from "@pitwall/server/services";
import { createPasswords } from "@pitwall/services/auth/passwords";
import type { AccountContext, Log } from "@pitwall/services/context";
import { missingMailer } from "@pitwall/services/mail";
import { createMetrics } from "@pitwall/services/stats/metrics";

interface Wanted {
  readonly servers: number;
  readonly log: Log;
  readonly limits: RateLimits | null;
  readonly now?: () => Date;
}

export interface Served {
  readonly databaseUrl: string;
  readonly urls: readonly string[];
  readonly services: Omit<AccountContext, "actor">;
  close(): Promise<void>;
}

/** Costs next to nothing: what is looked for does not hide behind the price of a password. */
const HASHING = { memoryKib: 8, passes: 1 };

/** Servers of one database as a deployment has them, each with connections, ears and a memory of its own; they share a cache. */
export async function serve(
  databaseUrl: string,
  { servers, log, limits, now = () => new Date() }: Wanted,
): Promise<Served> {
  const cache = memoryCache();
  const opened = await Promise.all(
    Array.from({ length: servers }, () => open(databaseUrl, { log, limits, now, cache })),
  );
  const [first] = opened;
  if (!first) throw new RangeError("nobody serves");
  return {
    databaseUrl,
    urls: opened.map(({ url }) => url),
    services: first.services,
    async close() {
      await Promise.all(opened.map(({ close }) => close()));
    },
  };
}

async function open(databaseUrl: string, how: Omit<Required<Wanted>, "servers"> & { readonly cache: Cache }) {
  const { log, limits, now, cache } = how;
  const jwtSecret = "a secret that only the proof knows!";
  const {
    services: present,
    ready,
    patient,
    close,
  } = await openServices({
    ...{ databaseUrl, applicationName: "pitwall proof", log, schedule: SCHEDULE, mailer: missingMailer(log) },
    env: { redisUrl: undefined, jwtSecret, publicUrl: "https://pitwall.test", port: 0 },
  });
  const auth = { ...present.auth, passwords: createPasswords(HASHING) };
  const services = { ...present, auth, cache, now };
  const settings = { corsOrigins: [], trustedProxies: [] };
  const parts = { services, limits, ready, patient, metrics: createMetrics(services), settings };
  const server = await startServer({ ...parts, host: "127.0.0.1", port: 0 });
  return {
    ...{ url: server.url, services },
    async close() {
      await server.close();
      await close();
    },
  };
}
