import type { AppRouter } from "@pitwall/api/procedures";
import { createTRPCClient, httpBatchLink, httpLink, splitLink, type TRPCClient } from "@trpc/client";
import superjson from "superjson";
import { cookieSession } from "./cookie-session.ts";
import { keyOf, retryLink } from "./retry.ts";
import { type Session, sessionLink } from "./session.ts";
import { memoryStore, type TokenStore, type Tokens, tokenSession } from "./token-session.ts";

export { type FieldFault, PitwallError } from "./error.ts";
export type { TokenStore, Tokens } from "./token-session.ts";

export interface PitwallOptions {
  /** Of the server, as `https://pitwall.example.org`. */
  readonly url: string;
  /** In memory by default: a sign-in ends with the program. */
  readonly tokens?: TokenStore;
  /**
   * In a browser: the tokens travel in cookies that no script can read, and no store is used. The page must be the server's
   * own, or one that it lists, of the same site.
   */
  readonly cookies?: boolean;
  readonly fetch?: typeof globalThis.fetch;
  /** How often a call is sent again that did not get through, 2 by default. It is still done once. */
  readonly retries?: number;
}

export type Pitwall = TRPCClient<AppRouter>;

/** The server takes no larger batch: more calls than this at once travel as several requests. */
const BATCH = { maxItems: 10, maxURLLength: 4_000 };

/**
 * Every procedure of the server, typed. Signing in, registering and signing out keep the token store up to date, or the
 * cookies; a sign-in that has run out is refreshed once for all calls under way, and they are sent again. So is what did not
 * get through: queries travel together, and mutations each under a key by which they are done once. Refusals are
 * `PitwallError`s.
 */
export function createPitwall(options: PitwallOptions): Pitwall {
  const { tokens = memoryStore(), cookies = false, fetch = globalThis.fetch, retries = 2 } = options;
  const url = options.url.replace(/\/+$/, "");
  const wire = { url: `${url}/trpc`, transformer: superjson, fetch: fetchedBy(fetch, cookies) };
  const { auth } = createTRPCClient<AppRouter>({ links: [httpLink(wire)] });
  const session: Session = cookies
    ? cookieSession(url, () => auth.refresh.mutate({}))
    : tokenSession(tokens, (refreshToken) => auth.refresh.mutate({ refreshToken }));
  const headers = () => (cookies ? {} : bearing(tokens.get()));
  const alone = httpLink<AppRouter>({
    ...wire,
    headers: ({ op }) => ({ ...headers(), "idempotency-key": keyOf(op) }),
  });
  const together = httpBatchLink<AppRouter>({ ...wire, ...BATCH, headers });
  const sent = splitLink<AppRouter>({ condition: (op) => keyOf(op) !== undefined, true: alone, false: together });
  return createTRPCClient<AppRouter>({ links: [retryLink(retries), sessionLink(session), sent] });
}

/** A header that is undefined would travel as the word. */
function bearing(tokens: Tokens | null): Record<string, string> {
  return tokens ? { authorization: `Bearer ${tokens.accessToken}` } : {};
}

type Fetch = NonNullable<Parameters<typeof httpLink>[0]["fetch"]>;

/** tRPC may name a signal that is none, which the types of `fetch` do not have. */
function fetchedBy(fetch: typeof globalThis.fetch, withCookies: boolean): Fetch {
  return (input, { signal, ...init } = {}) =>
    fetch(input, { ...init, ...(signal && { signal }), ...(withCookies && { credentials: "include" }) });
}
