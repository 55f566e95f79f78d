import { drivers, lineups, seasons, teamLineups, teams } from "@pitwall/db/schema";
import type { Tenths } from "@pitwall/domain/tenths";
import { and, asc, eq, isNull, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { ServiceContext } from "../context.ts";
import { pickedDriverIds } from "../internal/interned-lineups.ts";
import { eachOnce, lookup } from "../internal/lookups.ts";
import { type Places, prepared } from "../internal/prepared.ts";
import { firstOpenRace, rulesCalled } from "../internal/race-lookup.ts";
import { speakerId } from "../internal/speaker.ts";

export interface MyTeam {
  readonly id: string;
  readonly season: number;
  readonly name: string;
  readonly createdAt: Date;
  /** To be named when the line-up is replaced. */
  readonly version: number;
  /** The line-up that stands, and is fielded next; null before there is one. */
  readonly lineup: { readonly driverIds: string[]; readonly captainId: string; readonly savedAt: Date } | null;
  /** What it cost when it was saved; later prices do not change it. */
  readonly cost: Tenths;
  readonly budget: Tenths;
  readonly remaining: Tenths;
  readonly nextRace: { readonly slug: string; readonly name: string; readonly lockAt: Date } | null;
  /** Whole seconds that are left by the database's clock, which is the one that judges. */
  readonly locksInSeconds: number | null;
}

/** The speaker's teams in a season, the oldest first, as their owner needs to see them. */
export async function myTeams(
  ctx: ServiceContext,
  { season }: { readonly season: number },
): Promise<{ items: MyTeam[] }> {
  const ownerId = speakerId(ctx.actor);
  const { played, rows } = await entryOf(ctx.db, { ownerId, season });
  const { budget } = rulesCalled(played?.ruleSetId, season).lineup;
  const { nextRace = null, locksInSeconds = null } = played ?? {};
  const items = rows.map(({ driverIds, captainId, savedAt, cost: paid, ...team }) => {
    const cost = paid ?? 0;
    const lineup = captainId === null || savedAt === null ? null : { driverIds, captainId, savedAt };
    return { ...team, lineup, cost, budget, remaining: budget - cost, nextRace, locksInSeconds };
  });
  return { items };
}

const gameOfSeason = prepared("game_of_season", (db, { season }: Places<{ season: number }>) => {
  const next = firstOpenRace(db, season).as("next");
  return db
    .select({
      ruleSetId: seasons.ruleSetId,
      nextRace: { slug: next.slug, name: next.name, lockAt: next.lockAt },
      locksInSeconds: sql<number | null>`case when ${next.lockAt} is not null
        then greatest(0, floor(extract(epoch from ${next.lockAt} - clock_timestamp())))::int end`,
    })
    .from(seasons)
    .leftJoin(next, sql`true`)
    .where(eq(seasons.year, season));
});

const captains = alias(drivers, "captains");
const newestVersion = sql`(select max(version) from team_lineups where team_id = ${teams.id})`;

interface Entrant {
  readonly ownerId: string;
  readonly season: number;
}

/** Of each of them: the season that they play in, which is looked up once for all, and their teams in it. */
const entryOf = lookup(async (db, entrants: readonly Entrant[]) => {
  const ownerIds = entrants.map((entrant) => entrant.ownerId);
  const years = entrants.map((entrant) => entrant.season);
  const [all, games] = await Promise.all([
    teamsOfOwners(db, { ownerIds, years: [...new Set(years)] }),
    eachOnce(years, (season) => gameOfSeason(db, { season })),
  ]);
  const rows = Map.groupBy(all, (row) => row.ownerId);
  return entrants.map(({ ownerId, season }) => ({
    played: games.get(season)?.[0],
    rows: (rows.get(ownerId) ?? []).filter((row) => row.season === season).map(({ ownerId: _, ...team }) => team),
  }));
});

const teamsOfOwners = prepared(
  "teams_of_owners",
  (db, { ownerIds, years }: Places<{ ownerIds: string[]; years: number[] }>) =>
    db
      .select({
        ownerId: teams.ownerId,
        id: teams.id,
        season: teams.season,
        name: teams.name,
        createdAt: teams.createdAt,
        version: teams.version,
        cost: teamLineups.cost,
        savedAt: teamLineups.savedAt,
        driverIds: pickedDriverIds,
        captainId: captains.id,
      })
      .from(teams)
      .leftJoin(teamLineups, and(eq(teamLineups.teamId, teams.id), eq(teamLineups.version, newestVersion)))
      .leftJoin(lineups, eq(lineups.id, teamLineups.lineupId))
      .leftJoin(captains, eq(captains.key, lineups.captain))
      .where(
        and(
          sql`${teams.ownerId} = any(${ownerIds}::uuid[])`,
          sql`${teams.season} = any(${years}::int[])`,
          isNull(teams.removedAt),
        ),
      )
      .orderBy(asc(teams.id)),
);
