import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Hono } from "hono";
import { REASONS_STYLE, reasonsPage } from "./reasons-page.ts";
import type { AppEnv } from "./requests.ts";

const require = createRequire(import.meta.url);
const PACKAGE = dirname(require.resolve("swagger-ui-dist/package.json"));

/** All that the page needs, from the package on disk: it works without a network. */
const FILES: ReadonlyMap<string, string> = new Map([
  ["swagger-ui.css", "text/css; charset=utf-8"],
  ["swagger-ui-bundle.js", "text/javascript; charset=utf-8"],
  ["favicon-32x32.png", "image/png"],
]);

/** The viewer styles its elements one by one, so inline styles are allowed here; scripts come from us alone. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Pitwall API</title>
    <link rel="icon" href="/docs/favicon-32x32.png">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
  </head>
  <body>
    <div id="docs"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

const START = `SwaggerUIBundle({ url: "/openapi.json", dom_id: "#docs", deepLinking: true, tryItOutEnabled: true });\n`;

export function serveDocs(app: Hono<AppEnv>): void {
  app.get("/docs/", (c) => c.redirect("/docs"));
  app.get("/docs", () => answer(PAGE, "text/html; charset=utf-8"));
  app.get("/docs/errors", () => answer(reasonsPage(), "text/html; charset=utf-8"));
  app.get("/docs/errors.css", () => answer(REASONS_STYLE, "text/css; charset=utf-8"));
  app.get("/docs/start.js", () => answer(START, "text/javascript; charset=utf-8"));
  for (const [file, type] of FILES) {
    app.get(`/docs/${file}`, async () => answer(await readFile(join(PACKAGE, file)), type));
  }
}

function answer(body: string | Uint8Array<ArrayBuffer>, type: string): Response {
  return new Response(body, {
    headers: { "content-type": type, "content-security-policy": POLICY, "cache-control": "public, max-age=3600" },
  });
}
