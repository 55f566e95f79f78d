import { drivers, lineups, races, teamLineups, teams } from "@pitwall/db/schema";
import type { Tenths } from "@pitwall/domain/tenths";
import { and, asc, eq, isNull, sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { pickedDriverIds } from "../internal/interned-lineups.ts";
import { nextOpenRace, rulesOfSeason } from "../internal/race-lookup.ts";
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
export async function myTeams(ctx: ServiceContext, input: { readonly season: number }): Promise<{ items: MyTeam[] }> {
  const owner = speakerId(ctx.actor);
  const { budget } = (await rulesOfSeason(ctx.db, input.season)).lineup;
  const next = await nextLock(ctx, input.season);
  const captains = ctx.db.select({ id: drivers.id, key: drivers.key }).from(drivers).as("captains");
  const rows = await ctx.db
    .select({
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
    .where(and(eq(teams.ownerId, owner), eq(teams.season, input.season), isNull(teams.removedAt)))
    .orderBy(asc(teams.id));
  const items = rows.map(({ driverIds, captainId, savedAt, cost: paid, ...team }) => {
    const cost = paid ?? 0;
    const lineup = captainId === null || savedAt === null ? null : { driverIds, captainId, savedAt };
    return { ...team, lineup, cost, budget, remaining: budget - cost, ...next };
  });
  return { items };
}

const newestVersion = sql`(select max(version) from team_lineups where team_id = ${teams.id})`;

async function nextLock(ctx: ServiceContext, season: number): Promise<Pick<MyTeam, "nextRace" | "locksInSeconds">> {
  const race = await nextOpenRace(ctx.db, season);
  if (!race) return { nextRace: null, locksInSeconds: null };
  const [clock] = await ctx.db
    .select({ left: sql<number>`greatest(0, floor(extract(epoch from ${races.lockAt} - clock_timestamp())))::int` })
    .from(races)
    .where(eq(races.id, race.id));
  return {
    nextRace: { slug: race.slug, name: race.name, lockAt: race.lockAt },
    locksInSeconds: clock?.left ?? 0,
  };
}
