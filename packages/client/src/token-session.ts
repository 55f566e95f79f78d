import { PitwallError } from "./error.ts";
import type { Session } from "./session.ts";

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Where the tokens of a sign-in are kept between calls, or between starts of an app. */
export interface TokenStore {
  get(): Tokens | null;
  set(tokens: Tokens | null): void;
}

export function memoryStore(): TokenStore {
  const kept: { tokens: Tokens | null } = { tokens: null };
  return { get: () => kept.tokens, set: (tokens) => Object.assign(kept, { tokens }) };
}

const SIGN_INS: ReadonlySet<string> = new Set(["auth.login", "auth.register", "auth.refresh", "auth.changePassword"]);

/** A sign-in whose tokens are in a store of the program's own. */
export function tokenSession(store: TokenStore, change: (refreshToken: string) => Promise<Tokens>): Session {
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

  return {
    said: (_path, input) => input,
    remedy() {
      const used = store.get();
      return used && (() => renew(used));
    },
    heard(path, result) {
      if (path.startsWith("auth.logout")) store.set(null);
      const gained = SIGN_INS.has(path) ? tokensIn(result) : null;
      if (gained) keep(gained);
    },
  };
}

/** Null as well where they are empty, since they travel in cookies then. */
function tokensIn(result: object): Tokens | null {
  const data = "data" in result ? result.data : null;
  if (typeof data !== "object" || data === null || !("accessToken" in data) || !("refreshToken" in data)) return null;
  const { accessToken, refreshToken } = data;
  if (typeof accessToken !== "string" || typeof refreshToken !== "string") return null;
  return accessToken === "" ? null : { accessToken, refreshToken };
}
