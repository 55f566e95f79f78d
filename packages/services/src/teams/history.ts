import { drivers, lineups, teamLineups, teams } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import type { Tenths } from "@pitwall/domain/tenths";
import { and, desc, eq, isNull, sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { pickedDriverIds } from "../internal/interned-lineups.ts";
import { speakerId } from "../internal/speaker.ts";
import { teamNotFound } from "./own-team.ts";

export interface SavedLineup {
  readonly version: number;
  readonly savedAt: Date;
  readonly cost: Tenths;
  readonly driverIds: string[];
  readonly captainId: string;
  /** The races that it was fielded in, in their order. It carries over until it is replaced, so there may be many or none. */
  readonly fielded: readonly FieldedRace[];
}

export interface FieldedRace {
  readonly slug: string;
  readonly name: string;
  /** Under the current revision; null before there is a result. */
  readonly points: Tenths | null;
}

/** Every line-up the owner ever saved for a team, newest first, and what each of them earned. */
export async function lineupHistory(
  ctx: ServiceContext,
  input: { readonly id: string; readonly limit: number; readonly offset: number },
): Promise<{ items: SavedLineup[]; total: number }> {
  const season = await seasonOfOwnTeam(ctx, input.id);
  const captains = ctx.db.select({ id: drivers.id, key: drivers.key }).from(drivers).as("captains");
  const saved = await ctx.db
    .select({
      version: teamLineups.version,
      savedAt: teamLineups.savedAt,
      cost: teamLineups.cost,
      driverIds: pickedDriverIds,
      captainId: captains.id,
    })
    .from(teamLineups)
    .innerJoin(lineups, eq(lineups.id, teamLineups.lineupId))
    .innerJoin(captains, eq(captains.key, lineups.captain))
    .where(eq(teamLineups.teamId, input.id))
    .orderBy(desc(teamLineups.version))
    .limit(input.limit)
    .offset(input.offset);
  const raced = await fieldedRaces(ctx, input.id, season);
  const items = saved.map((lineup) => ({
    ...lineup,
    fielded: raced.filter(({ version }) => version === lineup.version).map(({ version: _version, ...race }) => race),
  }));
  return { items, total: await ctx.db.$count(teamLineups, eq(teamLineups.teamId, input.id)) };
}

async function seasonOfOwnTeam(ctx: ServiceContext, id: string): Promise<number> {
  const reader = speakerId(ctx.actor);
  const [team] = await ctx.db
    .select({ season: teams.season, ownerId: teams.ownerId })
    .from(teams)
    .where(and(eq(teams.id, id), isNull(teams.removedAt)));
  if (!team) throw teamNotFound();
  if (team.ownerId !== reader)
    throw new DomainError("forbidden", "team.not_yours", "Only the owner sees the history of a team's line-ups.");
  return team.season;
}

/** A race fields the newest line-up that was saved before its lock. */
async function fieldedRaces(
  ctx: ServiceContext,
  teamId: string,
  season: number,
): Promise<(FieldedRace & { readonly version: number })[]> {
  const { rows } = await ctx.db.execute<FieldedRace & { version: number } & Record<string, unknown>>(sql`
    select race.slug, race.name, score.points, newest.version
    from races race
    join fielded on fielded.race_id = race.id and fielded.team_id = ${teamId}
    cross join lateral (
      select version from team_lineups where team_id = ${teamId} and saved_at < race.lock_at order by version desc limit 1
    ) newest
    left join scoring_runs run on run.race_id = race.id and run.revision = race.revision
    left join lineup_scores score on score.run_id = run.id and score.lineup_id = fielded.lineup_id
    where race.season = ${season} and race.cancelled_at is null
    order by race.lock_at`);
  return rows;
}
