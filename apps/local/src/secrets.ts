import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
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

/** The first writer wins, also when two processes start at once. */
async function kept(file: string, make: () => string): Promise<string> {
  await writeFile(file, `${make()}\n`, { flag: "wx", mode: 0o600 }).catch((error: unknown) => {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  });
  return (await readFile(file, "utf8")).trim();
}
