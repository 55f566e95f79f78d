import { type Db, withTx } from "@pitwall/db/database";
import { idempotencyKeys } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { and, eq } from "drizzle-orm";
import type { ServiceContext } from "./context.ts";
import { refusing } from "./internal/breaches.ts";
import { speakerId } from "./internal/speaker.ts";

export interface KeyedCall {
  /** The speaker's own word for this one act. */
  readonly key: string;
  readonly procedure: string;
  /** Of what is asked for. */
  readonly digest: string;
}

export interface Answered {
  readonly answer: string;
  /** It is the answer of a time before, and nothing was done now. */
  readonly isReplayed: boolean;
}

const LOCK_TIMEOUT = "55P03";

/**
 * Does `work` at most once for each key of a speaker. What it does and what it answers commit together with the key, in one
 * transaction that it is given: an answer lost on its way is found under the key, and after a failure there is no key. Who
 * asks while the same is under way waits for it, as long as one waits for a lock.
 */
export async function onlyOnce(
  ctx: ServiceContext,
  call: KeyedCall,
  work: (db: Db) => Promise<string>,
): Promise<Answered> {
  const userId = speakerId(ctx.actor);
  const own = and(eq(idempotencyKeys.userId, userId), eq(idempotencyKeys.key, call.key));
  return withTx(ctx.db, async (db) => {
    const claim = () =>
      db
        .insert(idempotencyKeys)
        .values({ userId, ...call })
        .onConflictDoNothing()
        .returning({ key: idempotencyKeys.key });
    const claimed = await refusing(claim, { [LOCK_TIMEOUT]: inProgress });
    if (claimed.length === 0) {
      const [earlier] = await db.select().from(idempotencyKeys).where(own);
      return replayed(earlier, call);
    }
    const answer = await work(db);
    await db.update(idempotencyKeys).set({ answer }).where(own);
    return { answer, isReplayed: false };
  });
}

function replayed(earlier: typeof idempotencyKeys.$inferSelect | undefined, call: KeyedCall): Answered {
  // Gone since, by the nightly deletion: whoever asks again begins anew.
  if (!earlier || earlier.answer === null) throw inProgress();
  if (earlier.procedure !== call.procedure || earlier.digest !== call.digest)
    throw new DomainError(
      "broken_rule",
      "idempotency.key_reused",
      "This Idempotency-Key was used for another request. Choose a new one for each act.",
    );
  return { answer: earlier.answer, isReplayed: true };
}

function inProgress(): DomainError {
  return new DomainError(
    "conflict",
    "idempotency.in_progress",
    "The request with this Idempotency-Key is still under way. Send it again shortly.",
    { retryAfterSeconds: 1 },
  );
}
