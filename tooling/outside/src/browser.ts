import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { run } from "./parcel.ts";

const PAGE = `import { consume } from "./consumer.js";
const asked = new URLSearchParams(location.search);
const told = consume(asked.get("url") ?? "", asked.has("cookies"));
told.then(JSON.stringify, String).then((text) => { document.title = text; });
`;

const VISIT = `import { chromium } from "playwright-core";
const [executablePath, ...addresses] = process.argv.slice(2);
const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
const browser = await chromium.launch({ executablePath, args });
for (const address of addresses) {
  const page = await browser.newPage();
  await page.goto(address);
  await page.waitForFunction(() => document.title !== "", undefined, { timeout: 15_000 });
  console.log(await page.title());
}
await browser.close();
`;

/** Bundles the program for browsers. Answers the bundle. */
export async function bundled(folder: string): Promise<Buffer> {
  await writeFile(join(folder, "page.ts"), PAGE);
  const options = '{ entryPoints: ["page.ts"], bundle: true, format: "esm", minify: true, outfile: "page.js" }';
  const build = `import { build } from "esbuild"; await build(${options});`;
  await run(process.execPath, ["--input-type=module", "--eval", build], { cwd: folder });
  return readFile(join(folder, "page.js"));
}

export interface Pages {
  readonly origin: string;
  close(): void;
}

/** Serves one page, whose script is the bundle. */
export async function servedPages(bundle: () => Buffer): Promise<Pages> {
  const server = createServer(({ url }, answer) => {
    const isScript = url === "/page.js";
    answer.setHeader("content-type", isScript ? "text/javascript" : "text/html");
    answer.end(isScript ? bundle() : '<!doctype html><title></title><script type="module" src="/page.js"></script>');
  });
  server.listen(0, "localhost");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the pages are served at no port");
  return { origin: `http://localhost:${address.port}`, close: () => server.close() };
}

/** A Chromium of this machine, or null. */
export async function chromium(): Promise<string | null> {
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    const path = await run("which", [name]).catch(() => null);
    if (path) return path.stdout.trim();
  }
  return null;
}

/** What the page comes to at each address. */
export async function visited(folder: string, browser: string, addresses: readonly string[]): Promise<string[]> {
  await writeFile(join(folder, "visit.js"), VISIT);
  const { stdout } = await run(process.execPath, ["visit.js", browser, ...addresses], { cwd: folder });
  return stdout.trim().split("\n");
}
