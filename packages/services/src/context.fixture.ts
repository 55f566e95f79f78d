import { memoryCache } from "@pitwall/cache/memory";
import type { Db } from "@pitwall/db/database";
import { SCHEDULE } from "@pitwall/domain/schedule";
import { createAuth } from "./auth/tokens.ts";
import type { AccountContext, Actor, Log } from "./context.ts";
import { missingMailer } from "./mail.ts";

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Hashing costs next to nothing: how long it takes is looked at where passwords are. */
const auth = createAuth({
  jwtSecret: "a secret that only the tests know!",
  issuer: "pitwall",
  audience: "pitwall",
  hashing: { memoryKib: 8, passes: 1 },
});

/** A context as the doors make it, on the file's own database. The game's clock is the real one unless a test turns it. */
export function contextAs(db: Db, actor: Actor, turned: Partial<AccountContext> = {}): AccountContext {
  return {
    db,
    cache: memoryCache(),
    actor,
    now: () => new Date(),
    log: silent,
    auth,
    schedule: SCHEDULE,
    mailer: missingMailer(silent),
    publicUrl: "https://pitwall.test",
    ...turned,
  };
}

export function asGuest(db: Db): AccountContext {
  return contextAs(db, { kind: "guest", address: "192.0.2.7", device: null });
}

export function asUser(db: Db, user: { readonly id: string; readonly username: string }): AccountContext {
  return contextAs(db, { kind: "user", userId: user.id, username: user.username, sessionId: null });
}

/** The clock, speaking at a moment of the test's choosing. */
export function asClock(db: Db, at: Date): AccountContext {
  return contextAs(db, { kind: "system", name: "clock" }, { now: () => at });
}
