import type { SeasonFacts } from "@pitwall/db/facts";
import { races } from "@pitwall/db/schema";
import { HOUR } from "@pitwall/domain/durations";
import { and, asc, eq, isNull } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { receiveAnswer, SEEDING } from "./receive.ts";

/**
 * Records the shipped results of a season as the history they are: every revision at its moment, nobody told. A race that
 * has a result already keeps it. What is known was known at `knownAt`, which counts as the last look.
 */
export async function recordShippedResults(ctx: ServiceContext, facts: SeasonFacts): Promise<number> {
  const open = await ctx.db
    .select({ id: races.id, slug: races.slug, flagDueAt: races.flagDueAt })
    .from(races)
    .where(and(eq(races.season, facts.season), isNull(races.revision), isNull(races.cancelledAt)))
    .orderBy(asc(races.flagDueAt));
  let recorded = 0;
  for (const race of open) {
    const revisions = facts.races.find((shipped) => shipped.slug === race.slug)?.revisions ?? [];
    const last = revisions.at(-1);
    if (!last) continue;
    for (const { hoursAfterFlag, classification: then } of revisions) {
      // Sessions that do not score have no revisions of their own: they stand as they were known last.
      const classification = { ...last.classification, race: then.race };
      const at = new Date(race.flagDueAt.getTime() + hoursAfterFlag * HOUR);
      await receiveAnswer(
        { ...ctx, actor: { kind: "system", name: SEEDING }, now: () => at },
        { raceId: race.id, source: "shipped", answer: { kind: "classification", classification, body: JSON.stringify(classification) } },
      );
    }
    await ctx.db.update(races).set({ lookedAt: facts.knownAt }).where(eq(races.id, race.id));
    recorded += 1;
  }
  return recorded;
}
