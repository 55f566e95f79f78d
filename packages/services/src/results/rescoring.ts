import { type Db, withTx } from "@pitwall/db/database";
import { races } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { and, asc, eq, isNotNull, isNull } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { audit } from "../internal/audit.ts";
import { buildStandingsFrom, teamsOff } from "../internal/build-standings.ts";
import { holdRace, holdStandings } from "../internal/race-changes.ts";
import { type RaceName, raceNamed, rulesOfSeason } from "../internal/race-lookup.ts";
import { type ScoredAgain, scoreAgain } from "../internal/score-race.ts";
import { storedClassification } from "../internal/stored-classifications.ts";

export interface Rescored extends RaceName, ScoredAgain {
  readonly revision: number;
  /** How many teams stood otherwise than their points say. */
  readonly teams: number;
  readonly rebuilt: boolean;
}

/**
 * Scores a race's current revision again from the facts that are stored. Where nothing differs nothing is written; else the
 * scores are put right, and the standings of the race and of the later ones are built anew.
 */
export function rescoreRace(ctx: ServiceContext, input: RaceName): Promise<Rescored> {
  return withTx(ctx.db, async (db) => {
    const { id, name } = await raceNamed(db, input);
    await holdStandings(db, input.season);
    const scored = await scoredAgain(db, id);
    if (!scored) throw new DomainError("not_found", "result.none_yet", `The ${name} has no result that counts.`);
    const teams = await teamsOff(db, input.season, id);
    const rebuilt = differs(scored) || teams > 0;
    if (rebuilt) await buildStandingsFrom(db, input.season, id);
    return told({ ...ctx, db }, { ...scored, teams, rebuilt });
  });
}

/** The same for every race of a season, in the order in which they count. */
export function rescoreSeason(
  ctx: ServiceContext,
  { season }: { readonly season: number },
): Promise<{ items: Rescored[] }> {
  return withTx(ctx.db, async (db) => {
    await rulesOfSeason(db, season);
    await holdStandings(db, season);
    const counted = await db
      .select({ id: races.id })
      .from(races)
      .where(and(eq(races.season, season), isNotNull(races.revision), isNull(races.cancelledAt)))
      .orderBy(asc(races.lockAt), asc(races.id));
    const scored: (RaceScoredAgain & { id: number })[] = [];
    for (const [index, { id }] of counted.entries()) {
      const again = await scoredAgain(db, id);
      if (!again) continue;
      scored.push({ id, ...again });
      ctx.log.info("a race was scored again", { season, race: again.slug, nth: index + 1, of: counted.length });
    }
    const items: Rescored[] = [];
    let rebuilt = false;
    for (const { id, ...again } of scored) {
      const teams = rebuilt ? 0 : await teamsOff(db, season, id);
      if (!rebuilt && (differs(again) || teams > 0)) {
        await buildStandingsFrom(db, season, id);
        rebuilt = true;
      }
      items.push(await told({ ...ctx, db }, { ...again, teams, rebuilt }));
    }
    return { items };
  });
}

interface RaceScoredAgain extends RaceName, ScoredAgain {
  readonly revision: number;
}

async function scoredAgain(db: Db, raceId: number): Promise<RaceScoredAgain | null> {
  const race = await holdRace(db, raceId, "no key update");
  if (!race || race.revision === null || race.cancelledAt !== null) return null;
  const { season, slug, revision } = race;
  const rules = await rulesOfSeason(db, season);
  const classification = await storedClassification(db, raceId, revision);
  return { season, slug, revision, ...(await scoreAgain(db, { raceId, revision, classification, rules })) };
}

function differs({ stored, found, drivers, lineups }: ScoredAgain): boolean {
  return stored.digestIn !== found.digestIn || stored.digestOut !== found.digestOut || drivers > 0 || lineups > 0;
}

async function told(ctx: ServiceContext, rescored: Rescored): Promise<Rescored> {
  const { season, slug, ...detail } = rescored;
  await audit(ctx, { act: "rescore_race", subject: `${season}/${slug}`, detail });
  if (detail.rebuilt) ctx.log.warn("scores were put right", { ...rescored });
  return rescored;
}
