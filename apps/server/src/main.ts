import { setTimeout as wait } from "node:timers/promises";
import { RATE_LIMITS } from "@pitwall/api";
import { migrate } from "@pitwall/db/migrate";
import { SECOND } from "@pitwall/domain/durations";
import { SCHEDULE } from "@pitwall/domain/schedule";
import { EnvError } from "@pitwall/services/environment";
import { jsonLog } from "@pitwall/services/log";
import { missingMailer, smtpMailer } from "@pitwall/services/mail";
import { onceTheDatabaseAnswers } from "@pitwall/services/outages";
import { createMetrics, tellOfProcess } from "@pitwall/services/stats/metrics";
import { type Env, readEnv } from "./env.ts";
import { prepareGame } from "./prepare.ts";
import { startServer } from "./serve.ts";
import { openServices } from "./services.ts";

const env = envOrExit();
const log = jsonLog({ level: env.logLevel });

// Whatever nobody waited for is a bug: said once, and the process ends, so that a supervisor starts a whole one.
process.on("uncaughtException", (error) => {
  if (error instanceof EnvError) giveUp(error);
  log.error("a failure that nobody handled", { error });
  process.exit(1);
});

if (!env.redisUrl) log.warn("REDIS_URL is not set: this process caches and counts alone, so run no other beside it");
const { host, port, publicUrl, corsOrigins, trustedProxies, smtp, metricsToken } = env;
if (!smtp) log.warn("SMTP_URL is not set: no mail is sent, so nobody gets a new password or confirms an address");
if (smtp && !publicUrl) log.warn("PUBLIC_URL is not set: the links in mails lead to this machine alone");
const opened = await openServices({
  env,
  databaseUrl: env.databaseUrl,
  applicationName: "pitwall-server",
  log,
  schedule: SCHEDULE,
  mailer: smtp ? smtpMailer(smtp) : missingMailer(log),
});
const { services, ready, patient } = opened;
const metrics = tellOfProcess(createMetrics(services));

const settings = { publicUrl, corsOrigins, trustedProxies, metricsToken };
const door = { host, port, drainFor: SECOND, isShut: true };
const server = await startServer({ services, ready, patient, limits: RATE_LIMITS, metrics, settings, ...door });

let stopping: Promise<void> | undefined;
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop(signal));

// Probes are answered meanwhile: a database that is away or being migrated is no reason to start this process again.
log.info("preparing", { url: server.url });
await onceTheDatabaseAnswers(log, async () => {
  if (!process.argv.includes("--no-migrate")) await migrate({ url: env.databaseUrl });
  await prepareGame(services, env.admin);
}).catch(async (error: unknown) => {
  // What goes wrong while everything is being closed is part of it.
  if (stopping === undefined) throw error;
  await stopping;
});
server.open();
log.info("listening", { url: server.url });

function stop(signal: string): Promise<void> {
  stopping ??= (async () => {
    log.info("stopping", { signal });
    await server.close();
    // Whatever still goes on has nobody left to tell, and PostgreSQL undoes it with its connection.
    await Promise.race([opened.close(), wait(5 * SECOND)]);
    log.info("stopped");
    process.exit(0);
  })();
  return stopping;
}

function envOrExit(): Env {
  try {
    return readEnv();
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    giveUp(error);
  }
}

function giveUp(fault: EnvError): never {
  console.error(fault.inWords);
  process.exit(1);
}
