import { alone, withTx } from "@pitwall/db/database";
import { races } from "@pitwall/db/schema";
import { type SessionKind, scoredSessions } from "@pitwall/domain/classifications";
import { isDue, lookDueIn } from "@pitwall/domain/schedule";
import { and, asc, eq, isNull, lte } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { lookFactColumns, lookFactsOf } from "../internal/look-facts.ts";
import { rulesOfSeason } from "../internal/race-lookup.ts";
import { enqueueIn, type JobPayload } from "../jobs.ts";
import type { AskedOf } from "./answers.ts";

/**
 * Queues a look for every race that is due one, and answers how many. The tables alone say what is due: a tick that was
 * missed, doubled or late changes nothing but the moment.
 */
export function watchResults(ctx: ServiceContext): Promise<number> {
  return withTx(ctx.db, async (db) => {
    const now = ctx.now();
    const candidates = await db
      .select({ id: races.id, ...lookFactColumns })
      .from(races)
      .where(and(isNull(races.cancelledAt), lte(races.flagDueAt, now)))
      .orderBy(asc(races.flagDueAt));
    let due = 0;
    for (const race of candidates) {
      const inMs = lookDueIn(race, ctx.schedule, now);
      if (inMs === null) continue;
      await putOffLook({ ...ctx, db }, { raceId: race.id, forMs: inMs });
      due += 1;
    }
    return due;
  });
}

/** Queues a look, for when the source may be asked again. The next tick would come to it too. */
export function putOffLook(
  ctx: ServiceContext,
  { forMs, ...look }: JobPayload<"check-result"> & { readonly forMs: number },
) {
  return enqueueIn(ctx, "check-result", look, { key: `check-result:${look.raceId}`, inMs: forMs });
}

export interface LookTarget {
  readonly raceId: number;
  readonly season: number;
  readonly round: number;
  readonly slug: string;
  readonly circuitId: string;
  readonly startsAt: Date;
  /** Only what the weekend has and the season's rules score is asked for: the source is a small volunteer project. */
  readonly sessions: readonly SessionKind[];
  /** To be given back with the answer. */
  readonly askedOf: AskedOf;
}

/** Whom to ask about, if the race is still due a look, or is wanted to be looked at: a doubled job finds that it is not. */
export async function lookTarget(ctx: ServiceContext, input: JobPayload<"check-result">): Promise<LookTarget | null> {
  const facts = await lookFactsOf(ctx.db, input.raceId);
  if (!facts || !(input.anyway || isDue(facts, ctx.schedule, ctx.now()))) return null;
  const [race] = await ctx.db
    .select({
      raceId: races.id,
      season: races.season,
      round: races.round,
      slug: races.slug,
      circuitId: races.circuitId,
      startsAt: races.startsAt,
      held: races.sessions,
      revision: races.revision,
      lookedAt: races.lookedAt,
    })
    .from(races)
    .where(and(eq(races.id, input.raceId), isNull(races.cancelledAt)));
  if (!race) return null;
  const { held, revision, lookedAt, ...target } = race;
  const scored = scoredSessions(await rulesOfSeason(ctx.db, race.season));
  return {
    ...target,
    sessions: scored.filter((session) => held[session] !== undefined),
    askedOf: { revision, lookedAt },
  };
}

/** Lets one at a time look at a race, so that a doubled job does not ask the source twice. False: somebody is looking. */
export async function lookAlone(
  ctx: ServiceContext,
  input: { readonly raceId: number },
  look: () => Promise<void>,
): Promise<boolean> {
  const done = await alone(ctx.db, `look at race ${input.raceId}`, () => look().then(() => true));
  return done ?? false;
}
