import { type Recent, recent } from "@pitwall/cache/recent";
import type { Db } from "@pitwall/db/database";
import type { Listening } from "@pitwall/db/listening";
import { MINUTE } from "@pitwall/domain/durations";
import type { SessionRef } from "./access-tokens.ts";

/** Somebody with an account. */
export interface Bearer {
  readonly kind: "user" | "admin";
  readonly userId: string;
  readonly username: string;
  readonly sessionId: string | null;
  /** How often they may call. */
  readonly tier?: "standard" | "premium";
}

export interface LiveBearer {
  readonly bearer: Bearer;
  /** When the session ends by itself, in milliseconds from now. */
  readonly livesFor: number;
}

/** Who bears which session. */
export interface Bearers {
  /** As the database knows it now, if that is known here; null says nothing. */
  known(session: SessionRef): Bearer | null;
  /** The same; `load` asks the database, where that is not known already. */
  of(session: SessionRef, load: () => Promise<LiveBearer | null>): Promise<Bearer | null>;
  /**
   * To be called after the commit that ended a session of this user, or changed what the user may do, and before anybody is
   * answered: from then on no process goes by what was before.
   */
  revoked(ctx: Revoking, userId: string): Promise<void>;
}

interface Revoking {
  readonly db: Db;
  readonly log: { warn(message: string, facts?: Record<string, unknown>): void };
}

/** Where the database tells of them: each word is the id of a user, or `EVERYBODY`. */
export const BEARERS = "pitwall_bearers";
const EVERYBODY = "*";

/** Remembers nothing. */
export const loadedBearers: Bearers = {
  known: () => null,
  of: async (_session, load) => (await load())?.bearer ?? null,
  revoked: async () => undefined,
};

const MANY_USERS = 10_000;
const MANY_SESSIONS = 8;
/** For how long what the database said is gone by without a word of it, should anybody have silenced its triggers. */
const MEMORY = MINUTE;

/** What is known of one user's sessions. Whatever is loaded goes into the place that stood when the loading began, or nowhere. */
type Place = Recent<string, { readonly bearer: Bearer; readonly goodUntil: number }>;

/** Remembers as long as it hears of every change. */
export function rememberedBearers(listening: Listening): Bearers {
  const places = recent<string, Place>(MANY_USERS);
  listening.hear({
    onWord: (word) => (word === EVERYBODY ? places.clear() : void places.delete(word)),
    onGap: () => places.clear(),
  });

  async function loaded({ userId, sessionId }: SessionRef, load: () => Promise<LiveBearer | null>) {
    const place = places.of(userId, () => recent(MANY_SESSIONS));
    const askedAt = performance.now();
    const found = await load();
    if (!found) return null;
    const goodUntil = askedAt + Math.min(found.livesFor, MEMORY);
    place.set(sessionId, { bearer: found.bearer, goodUntil });
    return found.bearer;
  }

  function known({ userId, sessionId }: SessionRef): Bearer | null {
    if (!listening.isHearing) return null;
    const found = places.get(userId)?.get(sessionId);
    return found && performance.now() < found.goodUntil ? found.bearer : null;
  }

  return {
    known,
    async of(session, load) {
      if (!listening.isHearing) return loadedBearers.of(session, load);
      return known(session) ?? loaded(session, load);
    },
    async revoked({ db, log }, userId) {
      const deaf = await listening.tell(db, userId);
      if (deaf > 0) log.warn("servers did not say in time that they heard of a revocation", { userId, deaf });
    },
  };
}
