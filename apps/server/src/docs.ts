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
    <link rel="stylesheet" href="/docs/page.css">
  </head>
  <body>
    <div id="docs"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

/** Where nobody needs to sign in, but may, the viewer would show a closed padlock, as if somebody had. */
const START = `const optionalSignIn = {
  statePlugins: {
    auth: {
      wrapSelectors: {
        isAuthorized: (original) => (state, requirements) => original(state, requirements.filter((one) => one.size > 0)),
      },
    },
  },
};

SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  tryItOutEnabled: true,
  plugins: [() => optionalSignIn],
});
`;

/** Answers link to nothing, and on a phone the tables of answers are wider than the page. */
const STYLE = `.response-col_links { display: none; }
@media (max-width: 640px) {
  .swagger-ui .wrapper { padding: 0 10px; }
  .swagger-ui .responses-inner { padding: 12px; }
  .swagger-ui .responses-table > thead { display: none; }
  .swagger-ui .responses-table > tbody > tr > td { display: block; width: auto; padding: 4px 0; }
  .swagger-ui .response-col_status { font-weight: 700; }
  .swagger-ui .headers-wrapper { overflow-x: auto; }
}
`;

export function serveDocs(app: Hono<AppEnv>): void {
  app.get("/docs/", (c) => c.redirect("/docs"));
  app.get("/docs", () => answer(PAGE, "text/html; charset=utf-8"));
  app.get("/docs/errors", () => answer(reasonsPage(), "text/html; charset=utf-8"));
  app.get("/docs/errors.css", () => answer(REASONS_STYLE, "text/css; charset=utf-8"));
  app.get("/docs/page.css", () => answer(STYLE, "text/css; charset=utf-8"));
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
