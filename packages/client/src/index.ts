import type { AppRouter } from "@pitwall/api/procedures";
import { createTRPCClient, httpBatchLink, httpLink, type TRPCClient, type TRPCLink } from "@trpc/client";
import { observable, type Unsubscribable } from "@trpc/server/observable";
import superjson from "superjson";
import { PitwallError } from "./error.ts";

export { type FieldFault, PitwallError } from "./error.ts";

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Where the tokens of a sign-in are kept between calls, or between starts of an app. */
export interface TokenStore {
  get(): Tokens | null;
  set(tokens: Tokens | null): void;
}

export interface PitwallOptions {
  /** Of the server, as `https://pitwall.example.org`. */
  readonly url: string;
  /** In memory by default: a sign-in ends with the program. */
  readonly tokens?: TokenStore;
  readonly fetch?: typeof globalThis.fetch;
}

export type Pitwall = TRPCClient<AppRouter>;

/** The server takes no larger batch: more calls than this at once travel as several requests. */
const BATCH = { maxItems: 10, maxURLLength: 4_000 };

/**
 * Every procedure of the server, typed. Signing in, registering and signing out keep the token store up to date; a sign-in
 * that has run out is refreshed once for all calls under way, and they are sent again. Refusals are `PitwallError`s.
 */
export function createPitwall({ url, tokens = memoryStore(), fetch = globalThis.fetch }: PitwallOptions): Pitwall {
  const wire = { url: `${url.replace(/\/+$/, "")}/trpc`, transformer: superjson, fetch: fetchedBy(fetch) };
  const bare = createTRPCClient<AppRouter>({ links: [httpLink(wire)] });
  const bearer = () => bearing(tokens.get());
  const batch = httpBatchLink({ ...wire, ...BATCH, headers: bearer });
  return createTRPCClient<AppRouter>({
    links: [sessionLink(tokens, (refreshToken) => bare.auth.refresh.mutate({ refreshToken })), batch],
  });
}

/** A header that is undefined would travel as the word. */
function bearing(tokens: Tokens | null): Record<string, string> {
  return tokens ? { authorization: `Bearer ${tokens.accessToken}` } : {};
}

type Fetch = NonNullable<Parameters<typeof httpLink>[0]["fetch"]>;

/** tRPC may name a signal that is none, which the types of `fetch` do not have. */
function fetchedBy(fetch: typeof globalThis.fetch): Fetch {
  return (input, { signal, ...init } = {}) => fetch(input, { ...init, ...(signal && { signal }) });
}

function memoryStore(): TokenStore {
  const kept: { tokens: Tokens | null } = { tokens: null };
  return { get: () => kept.tokens, set: (tokens) => Object.assign(kept, { tokens }) };
}

const SIGN_INS: ReadonlySet<string> = new Set(["auth.login", "auth.register", "auth.refresh", "auth.changePassword"]);

function sessionLink(store: TokenStore, change: (refreshToken: string) => Promise<Tokens>): TRPCLink<AppRouter> {
  let changing: Promise<void> | undefined;

  /** One change for all who need it; none if somebody has changed the tokens since they were used. */
  async function renew(used: Tokens): Promise<void> {
    if (store.get()?.accessToken !== used.accessToken) return;
    changing ??= change(used.refreshToken)
      .then(keep, forget)
      .finally(() => {
        changing = undefined;
      });
    await changing;
  }

  function keep({ accessToken, refreshToken }: Tokens): void {
    store.set({ accessToken, refreshToken });
  }

  /** A server that is away says nothing about the session; and a twin that won the race has stored the next tokens. */
  function forget(error: unknown): never {
    const refusal = new PitwallError(error);
    if (refusal.status === 401 && refusal.reason !== "auth.refresh_raced") store.set(null);
    throw refusal;
  }

  return () =>
    ({ op, next }) =>
      observable((observer) => {
        let running: Unsubscribable | undefined;
        const send = (mayRenew: boolean) => {
          const used = store.get();
          running = next(op).subscribe({
            next(envelope) {
              if (op.path.startsWith("auth.logout")) store.set(null);
              const gained = SIGN_INS.has(op.path) ? tokensIn(envelope.result) : null;
              if (gained) keep(gained);
              observer.next(envelope);
            },
            error(error) {
              const refusal = new PitwallError(error);
              if (!mayRenew || !used || refusal.reason !== "auth.token_invalid") return observer.error(refusal);
              renew(used).then(
                () => send(false),
                (final) => observer.error(final),
              );
            },
            complete: () => observer.complete(),
          });
        };
        send(true);
        return () => running?.unsubscribe();
      });
}

function tokensIn(result: object): Tokens | null {
  const data = "data" in result ? result.data : null;
  if (typeof data !== "object" || data === null || !("accessToken" in data) || !("refreshToken" in data)) return null;
  const { accessToken, refreshToken } = data;
  return typeof accessToken === "string" && typeof refreshToken === "string" ? { accessToken, refreshToken } : null;
}
