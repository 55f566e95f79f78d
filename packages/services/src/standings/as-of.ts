import type { Db } from "@pitwall/db/database";
import { races, revisions, scoringRuns, seasons, standingsBuilds } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { and, desc, eq, sql } from "drizzle-orm";
import { eachOnce, sharedLookup } from "../internal/lookups.ts";
import { type Places, prepared } from "../internal/prepared.ts";
import { type RaceRow, raceNamed, rulesOfSeason } from "../internal/race-lookup.ts";
import type { AsOf } from "./views.ts";

export interface Standings {
  readonly season: number;
  readonly slug: string;
  readonly revision: number;
  readonly buildId: number;
  /** Of the standings before; null if there were none, or nobody stood in them. */
  readonly carriedId: number | null;
  readonly teams: number;
  readonly isNewest: boolean;
}

/** Names the partitions that they are read from. */
export function partitionsOf({ buildId, carriedId }: Standings): string {
  return `${buildId}_${carriedId ?? 0}`;
}

/** The standings that are meant, or null as long as there are none. */
export async function standingsAsOf(db: Db, season: number, asOf: AsOf): Promise<Standings | null> {
  const slug = raceMeant(asOf);
  if (slug === null) return newestStandings(db, season);
  await rulesOfSeason(db, season);
  const race = await raceNamed(db, { season, slug });
  if (asOf.revision !== undefined) await requireRevision(db, race, asOf.revision);
  const revision = asOf.revision ?? race.revision;
  if (race.cancelledAt !== null || race.buildId === null || revision === null) return null;
  return builtFrom(db, race, revision);
}

/** Null where the standings after the newest result are meant. */
export function raceMeant({ race, revision }: AsOf): string | null {
  if (race !== undefined) return race;
  if (revision === undefined) return null;
  throw new DomainError("malformed", "standings.race_missing", "A revision is one of a race: say which race.");
}

/** After the season's newest result. */
export async function newestStandings(db: Db, season: number): Promise<Standings | null> {
  const newest = await newestOf(db, season);
  if (newest === undefined) throw noSuchSeason(season);
  return newest;
}

/** The same of several, for whoever looks up for many at once; undefined for a season that is not here. */
export function newestOfEach(
  db: Db,
  seasons: readonly number[],
): Promise<ReadonlyMap<number, Standings | null | undefined>> {
  return eachOnce(seasons, (season) => newestIn(db, season));
}

export function noSuchSeason(season: number): DomainError {
  return new DomainError("not_found", "season.not_found", `There is no season ${season} here.`);
}

const newestOf = sharedLookup(newestIn);

/** Undefined if there is no such season. */
async function newestIn(db: Db, season: number): Promise<Standings | null | undefined> {
  const [newest] = await newestOfSeason(db, { season });
  if (!newest) return undefined;
  const { buildId, slug, revision, carriedId, teams } = newest;
  if (buildId === null || slug === null || revision === null) return null;
  return { season, slug, revision, buildId, carriedId, teams: teams ?? 0, isNewest: true };
}

/** An empty build has no partition to join with. */
const carriedId = sql<number | null>`(select carried.id from standings_builds carried
  where carried.id = ${standingsBuilds.carriedId} and carried.teams > 0)`;

const newestOfSeason = prepared("newest_standings", (db, { season }: Places<{ season: number }>) =>
  db
    .select({
      slug: races.slug,
      revision: races.revision,
      buildId: standingsBuilds.id,
      carriedId,
      teams: standingsBuilds.teams,
    })
    .from(seasons)
    .leftJoin(
      races,
      sql`${races.id} = (select placed.id from races placed
        where placed.season = ${season} and placed.build_id is not null and placed.cancelled_at is null
        order by placed.lock_at desc, placed.id desc limit 1)`,
    )
    .leftJoin(standingsBuilds, eq(standingsBuilds.id, races.buildId))
    .where(eq(seasons.year, season)),
);

async function requireRevision(db: Db, race: RaceRow, revision: number): Promise<void> {
  const [found] = await db
    .select({ n: revisions.n })
    .from(revisions)
    .where(and(eq(revisions.raceId, race.id), eq(revisions.n, revision)));
  if (!found)
    throw new DomainError("not_found", "result.no_such_revision", `The ${race.name} has no revision ${revision}.`);
}

/** Of several builds of a revision the newest: it knows the corrections of earlier races. */
async function builtFrom(db: Db, race: RaceRow, revision: number): Promise<Standings | null> {
  const [build] = await db
    .select({ buildId: standingsBuilds.id, carriedId, teams: standingsBuilds.teams })
    .from(standingsBuilds)
    .innerJoin(scoringRuns, eq(scoringRuns.id, standingsBuilds.runId))
    .where(and(eq(scoringRuns.raceId, race.id), eq(scoringRuns.revision, revision)))
    .orderBy(desc(standingsBuilds.id))
    .limit(1);
  return build ? { season: race.season, slug: race.slug, revision, isNewest: false, ...build } : null;
}
