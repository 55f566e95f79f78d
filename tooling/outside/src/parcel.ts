import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, realpath, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startedBy } from "./env.ts";

export const run = promisify(execFile);

export const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const CLIENT = join(ROOT, "packages/client");

/** Builds the client and packs it as it is published. Answers the tarball, which lies in the folder. */
export async function packed(folder: string): Promise<string> {
  const [pnpm = "", ...first] = pnpmCommand();
  await run(pnpm, [...first, "run", "build", "--filter=@pitwall/client"], { cwd: ROOT });
  await run(pnpm, [...first, "pack", "--pack-destination", folder], { cwd: CLIENT });
  const tarball = (await readdir(folder)).find((name) => name.endsWith(".tgz"));
  if (tarball === undefined) throw new Error("pnpm has packed nothing");
  return join(folder, tarball);
}

/** The pnpm that started us, or the one of the README. */
function pnpmCommand(): readonly string[] {
  if (startedBy === undefined || !basename(startedBy).startsWith("pnpm")) return ["npx", "--yes", "pnpm@12"];
  return /\.[cm]?js$/.test(startedBy) ? [process.execPath, startedBy] : [startedBy];
}

export interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly exports: unknown;
}

/** Unpacks a tarball where `npm install` would, beside what it declares to need, taken from this machine. */
export async function installedOffline(folder: string, tarball: string): Promise<Manifest> {
  const home = join(folder, "node_modules/@pitwall/client");
  await mkdir(home, { recursive: true });
  await run("tar", ["-xzf", tarball, "-C", home, "--strip-components=1"]);
  const manifest: Manifest = JSON.parse(await readFile(join(home, "package.json"), "utf8"));
  for (const name of Object.keys(manifest.dependencies)) {
    const place = join(folder, "node_modules", name);
    await mkdir(dirname(place), { recursive: true });
    await symlink(await realpath(join(CLIENT, "node_modules", name)), place, "junction");
  }
  return manifest;
}

/** Writes a program that uses the client, with every example of its README as a module. Answers how many there are. */
export async function writeProgram(folder: string, url: string): Promise<number> {
  const readme = await readFile(join(folder, "node_modules/@pitwall/client/README.md"), "utf8");
  const examples = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ""]) => code);
  const config = {
    compilerOptions: {
      ...{ target: "es2022", lib: ["es2022", "dom", "esnext.disposable"], module: "nodenext", types: [], strict: true },
      ...{ skipLibCheck: false, exactOptionalPropertyTypes: true, rootDir: ".", outDir: "out" },
    },
    include: ["*.ts"],
  };
  const files = {
    "package.json": JSON.stringify({ name: "somebody-elses", private: true, type: "module" }),
    "tsconfig.json": JSON.stringify(config),
    "consumer.ts": await readFile(new URL("consumer.ts", import.meta.url), "utf8"),
    "run.js":
      'import { consume } from "./out/consumer.js";\nconsole.log(JSON.stringify(await consume(process.argv[2], false)));\n',
    ...Object.fromEntries(
      examples.map((code, at) => [`example-${at + 1}.ts`, code.replaceAll("http://localhost:3000", url)]),
    ),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return examples.length;
}
