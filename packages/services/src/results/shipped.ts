import { withTx } from "@pitwall/db/database";
import type { RaceFacts, SeasonFacts } from "@pitwall/db/facts";
import { races } from "@pitwall/db/schema";
import { type Classification, scoredSessions } from "@pitwall/domain/classifications";
import { HOUR } from "@pitwall/domain/durations";
import type { Ruleset } from "@pitwall/domain/rulesets";
import { and, eq, isNull } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { holdStandings } from "../internal/race-changes.ts";
import { rulesOfSeason } from "../internal/race-lookup.ts";
import { receiveAnswer, SEEDING } from "./receive.ts";

/**
 * Records the shipped results of a season as the history they are: every revision at its moment, nobody told. A race that
 * has a result already keeps it. What is known was known at `knownAt`, which counts as the last look.
 */
export async function recordShippedResults(ctx: ServiceContext, facts: SeasonFacts): Promise<number> {
  let recorded = 0;
  for (const race of facts.races) {
    if (race.revisions.length > 0 && (await recordHistory(ctx, facts, race))) recorded += 1;
  }
  return recorded;
}

/** The lock keeps two instances that start at once from telling one history twice. */
function recordHistory(
  ctx: ServiceContext,
  { season, knownAt }: SeasonFacts,
  { slug, revisions }: RaceFacts,
): Promise<boolean> {
  return withTx(ctx.db, async (db) => {
    await holdStandings(db, season);
    const [race] = await db
      .select({ id: races.id, flagDueAt: races.flagDueAt })
      .from(races)
      .where(and(eq(races.season, season), eq(races.slug, slug), isNull(races.revision), isNull(races.cancelledAt)));
    if (!race) return false;
    const rules = await rulesOfSeason(db, season);
    for (const revision of revisions) {
      const at = new Date(race.flagDueAt.getTime() + revision.hoursAfterFlag * HOUR);
      const classification = asScored(
        revision.classification,
        revisions.at(-1)?.classification ?? revision.classification,
        rules,
      );
      await receiveAnswer(
        { ...ctx, db, actor: { kind: "system", name: SEEDING }, now: () => at },
        {
          raceId: race.id,
          source: "shipped",
          answer: { kind: "classification", classification, body: JSON.stringify(classification) },
        },
      );
    }
    await db.update(races).set({ lookedAt: knownAt }).where(eq(races.id, race.id));
    return true;
  });
}

/** Sessions that do not score have no revisions of their own: they stand as they were known last. */
function asScored(revision: Classification, last: Classification, rules: Ruleset): Classification {
  const scored = new Set<string>(scoredSessions(rules));
  const own = Object.entries(revision).filter(([session]) => scored.has(session));
  return { ...last, ...Object.fromEntries(own), race: revision.race };
}
