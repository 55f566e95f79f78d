import { PitwallError } from "./error.ts";
import type { Session } from "./session.ts";

const ASKING_FOR_COOKIES: ReadonlySet<string> = new Set(["auth.login", "auth.register"]);

/** A sign-in whose tokens are in the browser's cookies, where no script can read them. */
export function cookieSession(url: string, refresh: () => Promise<unknown>): Session {
  let changes = 0;
  let changing: Promise<void> | undefined;

  /** One change for all who need it; none if there was one since their calls left. */
  async function renew(changesThen: number): Promise<void> {
    if (changes !== changesThen) return;
    changing ??= oneByOne(`pitwall ${url}`, refresh)
      .then(noted, notedIfRaced)
      .finally(() => {
        changing = undefined;
      });
    await changing;
  }

  function noted(): void {
    changes += 1;
  }

  /** The cookies of a twin that won the race are everybody's. */
  function notedIfRaced(error: unknown): void {
    const refusal = new PitwallError(error);
    if (refusal.reason !== "auth.refresh_raced") throw refusal;
    noted();
  }

  return {
    said: (path, input) => (ASKING_FOR_COOKIES.has(path) ? Object.assign({}, input, { cookies: true }) : input),
    remedy() {
      const changesThen = changes;
      return () => renew(changesThen);
    },
    heard: () => undefined,
  };
}

/**
 * The tabs of a browser share their cookies, and a refresh token is good for one use: a tab that used the one of before would
 * end the session. So they wait for each other, where the browser has locks.
 */
async function oneByOne(name: string, act: () => Promise<unknown>): Promise<void> {
  const locks = globalThis.navigator?.locks;
  await (locks ? locks.request(name, act) : act());
}
