import { randomUUID } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { runScript } from "./script.ts";

export interface Said {
  readonly code: 0 | 1 | 2;
  readonly out: string;
  readonly err: string;
}

/** What a script does and says in the environment of a database and no other. */
export function script(url: string, ...argv: string[]): Promise<Said> {
  return scriptIn({ DATABASE_URL: url }, ...argv);
}

/** The same in any environment. */
export async function scriptIn(variables: Record<string, string>, ...argv: string[]): Promise<Said> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runScript(argv, variables, { out: (text) => out.push(text), err: (text) => err.push(text) });
  return { code, out: out.join(""), err: err.join("") };
}

/** A file that is gone with the test. */
export function aFile(extension: string, text: string): string {
  const path = join(tmpdir(), `${randomUUID()}.${extension}`);
  writeFileSync(path, text);
  onTestFinished(() => rmSync(path));
  return path;
}
