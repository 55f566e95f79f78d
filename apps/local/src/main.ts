import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { shippedSeasons } from "@pitwall/db/facts";
import { type Env, readEnv } from "@pitwall/server/env";
import { EnvError } from "@pitwall/services/environment";
import { jsonLog } from "@pitwall/services/log";
import { printingMailer, smtpMailer } from "@pitwall/services/mail";
import { refusedByDatabase } from "@pitwall/services/outages";
import { nextRace } from "@pitwall/services/races";
import { ensureAdmin } from "@pitwall/services/users";
import { banner } from "./banner.ts";
import { type LocalCluster, startCluster } from "./embedded-database.ts";
import { checkEnvironment, EMBEDDED, type LocalEnv, readLocalEnv } from "./env.ts";
import { type Game, hasRaceLeft, reachable, realGame, replayGame } from "./game.ts";
import { type House, openHouse } from "./house.ts";
import { keptSecrets } from "./secrets.ts";

const USAGE = `Usage: pnpm start [--replay]
  --replay   play the season 2025 in fast motion: a race locks within minutes, results and corrections follow`;

const PATIENCE = 20_000;

/** A fault of the one who starts it, told in words and without a stack. */
class StartError extends Error {}

const opened: { close(): Promise<void> }[] = [];
let stopping: Promise<void> | undefined;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop(0));

try {
  await start();
} catch (error) {
  console.error(inWords(refusedByDatabase(error) ?? error));
  await stop(1);
}

async function start(): Promise<void> {
  const wantsReplay = askedForReplay();
  checkEnvironment();
  const local = readLocalEnv();
  const dataDir = resolve(local.dataDir);
  const secrets = await keptSecrets(dataDir).catch((error: unknown) => {
    throw new StartError(`The folder ${dataDir} cannot be used. Set PITWALL_DATA to one of your own.\n${error}`);
  });
  const defaults = {
    ...EMBEDDED,
    JWT_SECRET: secrets.jwtSecret,
    ...(local.namesAdmin
      ? {}
      : { ADMIN_USERNAME: "admin", ADMIN_PASSWORD: secrets.adminPassword, ADMIN_EMAIL: "admin@example.org" }),
  };
  const env = readEnv(defaults);
  const log = jsonLog({ level: env.logLevel });
  const game = keep(await chooseGame(local, dataDir, wantsReplay));
  const house: House = await openHouse({
    env,
    log,
    databaseUrl: game.databaseUrl,
    schedule: game.schedule,
    sources: game.sources,
    mailer: env.smtp ? smtpMailer(env.smtp) : printingMailer(console.log),
    concurrency: local.concurrency,
    ...(game.tickEvery !== undefined && { tickEvery: game.tickEvery }),
    prepare: async (ctx) => {
      await game.prepare(ctx);
      if (env.admin) await ensureAdmin(ctx, env.admin);
    },
  });
  keep(house);
  house.workerEnded.catch((error: unknown) => giveUp(`The worker ended and said: ${error}`));
  await announce(house, game, local.namesAdmin ? undefined : env.admin, dataDir);
}

async function announce(house: House, game: Game, made: Env["admin"], dataDir: string): Promise<void> {
  const next = await nextRace(house.ctx, { season: game.season }).catch(() => null);
  const admin = made ? { ...made, keptIn: join(dataDir, "admin-password") } : null;
  const { season, sourceInWords: source } = game;
  console.log(banner({ url: house.url, admin, season, next, source, now: new Date() }));
}

async function chooseGame(local: LocalEnv, dataDir: string, wantsReplay: boolean): Promise<Game> {
  const season = local.season ?? Math.max(...shippedSeasons());
  if (local.databaseUrl !== null) {
    if (wantsReplay)
      throw new StartError(
        "A replay plays in an embedded database of its own. Unset DATABASE_URL, then start it again.",
      );
    await untilReachable(local.databaseUrl);
    return realGame(local.databaseUrl, local, season);
  }
  console.log("Starting the embedded PostgreSQL …");
  const cluster: LocalCluster = await startCluster(join(dataDir, "postgres")).catch((error: unknown) => {
    // Its messages say what to do.
    throw new StartError(error instanceof Error ? error.message : String(error));
  });
  keep({ close: () => cluster.stop() });
  void cluster.ended.then(() => giveUp("The embedded PostgreSQL ended."));
  if (wantsReplay || !hasRaceLeft(season, new Date())) return replayGame(cluster, local);
  return realGame(await cluster.databaseUrl("pitwall"), local, season);
}

async function untilReachable(url: string): Promise<void> {
  for (let pause = 1; !(await reachable(url)); pause = Math.min(2 * pause, 30)) {
    console.error(`The database of DATABASE_URL does not answer. Trying again in ${pause} s; Ctrl-C gives up.`);
    await wait(pause * 1000);
  }
}

function askedForReplay(): boolean {
  try {
    return parseArgs({ options: { replay: { type: "boolean", default: false } } }).values.replay;
  } catch {
    throw new StartError(USAGE);
  }
}

/** Closed again in the opposite order, whatever ends the process. */
function keep<T extends { close(): Promise<void> }>(part: T): T {
  opened.push(part);
  return part;
}

/** Without one of its parts the rest is of no use. What ends while everything is closed is part of it. */
function giveUp(why: string): Promise<void> {
  if (stopping === undefined) console.error(`${why} Everything stops; start it again.`);
  return stop(1);
}

function stop(code: number): Promise<void> {
  stopping ??= (async () => {
    // What is broken may not close at all.
    setTimeout(() => process.exit(code), PATIENCE).unref();
    for (const part of opened.reverse()) await part.close().catch((error: unknown) => console.error(error));
    process.exit(code);
  })();
  return stopping;
}

/** A bug keeps its stack, for whoever mends it. */
function inWords(error: unknown): unknown {
  if (error instanceof EnvError) return error.inWords;
  return error instanceof StartError ? error.message : error;
}
