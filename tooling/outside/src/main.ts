import { deepEqual, match } from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { bundled, chromium, servedPages, visited } from "./browser.ts";
import { startedGame } from "./game.ts";
import { packed, run, writeProgram } from "./parcel.ts";

const COMPILERS = ["5.9", "6", "7"];
const TOOLS = [
  ...COMPILERS.map((version) => `typescript-${version}@npm:typescript@${version}`),
  "esbuild@0.28",
  "playwright-core@1",
];

/** All that comes along; the compiler because tRPC's types want to have one. */
const WELCOME =
  /^(@pitwall\/client|@trpc\/(client|server)|superjson|copy-anything|is-what|(@typescript\/)?typescript.*)$/;

const WANTED = { isMe: true, isDate: true, refusal: [404, "league.not_found"] };

const folder = await mkdtemp(join(tmpdir(), "pitwall-outside-"));
const opened: (() => unknown)[] = [() => rm(folder, { recursive: true, force: true })];
try {
  await goOutside();
} catch (error) {
  // A compiler tells its findings on stdout.
  console.error(error instanceof Error && "stdout" in error && error.stdout ? error.stdout : error);
  process.exitCode = 1;
} finally {
  for (const close of opened.toReversed()) await close();
}

async function goOutside(): Promise<void> {
  const tarball = await packed(folder);
  say("packed");

  await npm("install", tarball);
  const { stdout } = await npm("ls", "--all", "--parseable", "--omit=peer");
  const names = stdout.split("\n").flatMap((path) => path.split("/node_modules/").slice(1).at(-1) ?? []);
  const strangers = names.filter((name) => !WELCOME.test(name));
  deepEqual(strangers, []);
  say(`installed from the registry: ${names.join(", ")}`);

  await npm("install", "--no-save", ...TOOLS);
  let bundle: Buffer = Buffer.alloc(0);
  const pages = await servedPages(() => bundle);
  opened.push(pages.close);
  const game = await startedGame(folder, pages.origin);
  opened.push(game.close);
  const examples = await writeProgram(folder, game.url);

  for (const version of COMPILERS) {
    const tsc = `node_modules/typescript-${version}/bin/tsc`;
    const { stdout: is } = await run(process.execPath, [tsc, "--version"], { cwd: folder });
    await run(process.execPath, [tsc, "-p", "."], { cwd: folder });
    say(`type-checked, libraries as well, by TypeScript ${is.trim().replace("Version ", "")}`);
  }

  const { stdout: told } = await run(process.execPath, ["run.js", game.url], { cwd: folder });
  deepEqual(JSON.parse(told), { tokenType: "bearer", ...WANTED });
  for (let nth = 1; nth <= examples; nth += 1) {
    const { stdout: said } = await run(process.execPath, [`out/example-${nth}.js`], { cwd: folder });
    match(said, /\S/);
  }
  say(`run by Node ${process.version}, and ${examples} example${examples === 1 ? "" : "s"} of the README`);

  bundle = await bundled(folder);
  say(`bundled for browsers: ${kilobytes(bundle.length)}, ${kilobytes(gzipSync(bundle).length)} compressed`);
  const browser = await chromium();
  if (browser === null) return say("not run in a browser, since there is no Chromium here");
  const address = `${pages.origin}/?url=${encodeURIComponent(game.url)}`;
  const [bearer = "", cookie = ""] = await visited(folder, browser, [address, `${address}&cookies`]);
  deepEqual(JSON.parse(bearer), { tokenType: "bearer", ...WANTED });
  deepEqual(JSON.parse(cookie), { tokenType: "cookie", ...WANTED });
  say("run in Chromium, with tokens and with cookies");
}

function npm(...argv: string[]) {
  return run("npm", [...argv, "--no-audit", "--no-fund"], { cwd: folder });
}

function say(what: string): void {
  console.log(`${(performance.now() / 1000).toFixed(1).padStart(5)} s  ${what}`);
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
