import type { Hono } from "hono";
import type { AppEnv } from "./requests.ts";

/** Scripts, styles and calls are our own alone. The page sends by its script, never by the form itself. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

interface LinkPage {
  readonly title: string;
  /** Below /api/v1. */
  readonly path: string;
  readonly field?: string;
  readonly button: string;
  readonly done: string;
}

/** Where the links of mails lead. Opening one uses nothing up, since some mail programs open every link for themselves. */
const PAGES: Readonly<Record<string, LinkPage>> = {
  "reset-password": {
    title: "Choose a new password",
    path: "/auth/password/reset",
    field: `<label>New password <input name="newPassword" type="password" autocomplete="new-password" required></label>`,
    button: "Set the password",
    done: "Your password is set. Sign in with it; every other sign-in has ended.",
  },
  "verify-email": {
    title: "Confirm your e-mail address",
    path: "/auth/email/verify",
    button: "Confirm",
    done: "Your e-mail address is confirmed.",
  },
};

/** Relative addresses hold below whatever path a proxy puts before ours. */
function pageOf({ title, path, field = "", button, done }: LinkPage): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title} – Pitwall</title>
    <link rel="stylesheet" href="page.css">
  </head>
  <body>
    <main>
      <h1>${title}</h1>
      <form data-send-to="../api/v1${path}" data-done="${done}">
        ${field}
        <button>${button}</button>
      </form>
      <p role="status"></p>
    </main>
    <script src="page.js"></script>
  </body>
</html>
`;
}

const STYLE = `:root { color-scheme: light dark; font-family: system-ui, sans-serif; }
main { max-width: 26rem; margin: 15vh auto 0; padding: 0 1rem; }
label, input, button { display: block; font: inherit; }
input, button { box-sizing: border-box; width: 100%; margin: 0.5rem 0 1rem; padding: 0.6rem; }
`;

/** The token stands behind the #, which no browser sends along: it is in no log of ours and in no Referer. */
const SCRIPT = `const form = document.querySelector("form");
const button = document.querySelector("button");
const status = document.querySelector("[role=status]");
const token = location.hash.slice(1);

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  button.disabled = true;
  try {
    const answer = await fetch(form.dataset.sendTo, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...Object.fromEntries(new FormData(form)), token }),
    });
    status.textContent = answer.ok ? form.dataset.done : (await answer.json()).detail;
    form.hidden = answer.ok;
    if (answer.ok) history.replaceState(null, "", location.pathname);
  } catch {
    status.textContent = "The server does not answer. Try again in a moment.";
  }
  button.disabled = false;
});
`;

export function serveLinks(app: Hono<AppEnv>): void {
  for (const [name, page] of Object.entries(PAGES))
    app.get(`/links/${name}`, () => answer(pageOf(page), "text/html; charset=utf-8"));
  app.get("/links/page.css", () => answer(STYLE, "text/css; charset=utf-8"));
  app.get("/links/page.js", () => answer(SCRIPT, "text/javascript; charset=utf-8"));
}

function answer(body: string, type: string): Response {
  return new Response(body, {
    headers: { "content-type": type, "content-security-policy": POLICY, "cache-control": "public, max-age=3600" },
  });
}
