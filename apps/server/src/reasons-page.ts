import { publicFaultReasons, publicReasons } from "@pitwall/api";

interface Named {
  readonly code: string;
  readonly meaning: string;
}

/** Where the `type` of every problem leads, by its code: `/docs/errors#team.not_found`. */
export function reasonsPage(): string {
  const statuses = Map.groupBy(publicReasons, ({ status, title }) => `${status} ${title}`);
  const anchors = new Set<string>();
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Errors – Pitwall API</title>
    <link rel="icon" href="favicon-32x32.png">
    <link rel="stylesheet" href="errors.css">
  </head>
  <body>
    <main>
      <h1>Errors</h1>
      <p>
        REST answers an error as <code>application/problem+json</code>; its <code>code</code> is one of these. tRPC and the
        client call the same word <code>reason</code>. Codes may be added, and are never reworded: rely on them, and show
        <code>detail</code> to people. <code>requestId</code> finds the request in our log. <a href=".">All operations</a>
      </p>
${[...statuses].map(([heading, reasons]) => sectionOf(heading, reasons, anchors)).join("\n")}
${sectionOf("What errors say of single fields", publicFaultReasons, anchors)}
    </main>
  </body>
</html>
`;
}

/** A code that is there twice is found where it is first. */
function sectionOf(heading: string, reasons: readonly Named[], anchors: Set<string>): string {
  const items = reasons.map(({ code, meaning }) => {
    const anchor = anchors.has(code) ? "" : ` id="${code}"`;
    anchors.add(code);
    return `<dt${anchor}><code>${code}</code></dt><dd>${marked(meaning)}</dd>`;
  });
  return `      <h2>${heading}</h2>\n      <dl>${items.join("\n")}</dl>`;
}

function marked(meaning: string): string {
  return meaning.replace(/`([^`]+)`/g, "<code>$1</code>");
}

export const REASONS_STYLE = `:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin: 2.5rem 0 0.5rem; font-size: 1.2rem; }
dt { margin-top: 0.8rem; font-weight: 600; scroll-margin-top: 1rem; overflow-wrap: anywhere; }
dd { margin: 0; }
dt:target, dt:target + dd { border-inline-start: 4px solid; padding-inline-start: 0.6rem; }
`;
