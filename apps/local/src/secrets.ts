import { randomBytes, randomUUID } from "node:crypto";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface Secrets {
  readonly jwtSecret: string;
  readonly adminPassword: string;
}

/** The secrets of a local start: made once, kept beside its data, readable by their owner alone. */
export async function keptSecrets(dataDir: string): Promise<Secrets> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  return {
    jwtSecret: await kept(join(dataDir, "jwt-secret"), () => randomBytes(48).toString("base64url")),
    // The fixed part stands for the kinds of character that every password must have.
    adminPassword: await kept(join(dataDir, "admin-password"), () => `Aa1-${randomBytes(12).toString("base64url")}`),
  };
}

/** Appears whole or not at all, whenever the start is broken off. The first writer wins, also when two start at once. */
async function kept(file: string, make: () => string): Promise<string> {
  const found = (await readFile(file, "utf8").catch(() => "")).trim();
  if (found !== "") return found;
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, `${make()}\n`, { mode: 0o600 });
  if (await isEmpty(file)) await rename(draft, file);
  else await link(draft, file).catch(ifTaken);
  await rm(draft, { force: true });
  return (await readFile(file, "utf8")).trim();
}

/** A power cut may leave a file without what was written to it. */
async function isEmpty(file: string): Promise<boolean> {
  return (await readFile(file, "utf8").catch(() => null))?.trim() === "";
}

function ifTaken(error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
}
