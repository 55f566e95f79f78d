import { drivers, lineups, races, teamLineups, teams } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import type { Tenths } from "@pitwall/domain/tenths";
import { and, desc, eq, isNull, sql } from "drizzle-orm";
import type { ServiceContext } from "./context.ts";
import { marketOf } from "./internal/market.ts";
import { nextOpenRace, type RaceName, type RaceRow, raceNamed, rulesOfSeason } from "./internal/race-lookup.ts";
import { readerId } from "./internal/speaker.ts";

export interface LineupView {
  readonly teamId: string;
  /** Of the team, as long as this is its newest line-up; of an older one, the version that it was saved as. */
  readonly version: number;
  readonly race: {
    readonly season: number;
    readonly slug: string;
    readonly name: string;
    readonly lockAt: Date;
    readonly isLocked: boolean;
  };
  readonly drivers: readonly {
    readonly driverId: string;
    readonly name: string;
    readonly constructorId: string | null;
  }[];
  readonly captainId: string;
  /** What the line-up cost when it was saved; later prices do not change it. */
  readonly cost: Tenths;
  readonly budget: Tenths;
  readonly remaining: Tenths;
  readonly savedAt: Date;
}

/**
 * The line-up of a team for a race: the one it fielded, or will field as things stand. Without a race: the next open one
 * for the owner, the latest locked one for everybody else. Before the lock it is the owner's alone.
 */
export async function lineupOf(
  ctx: ServiceContext,
  input: { readonly teamId: string; readonly race?: RaceName | undefined },
): Promise<LineupView> {
  const team = await teamRow(ctx, input.teamId);
  const isOwner = readerId(ctx.actor) === team.ownerId;
  const race = await raceAskedFor(ctx, team.season, input.race, isOwner);
  if (race.season !== team.season)
    throw new DomainError(
      "broken_rule",
      "lineup.wrong_season",
      `The team plays the season ${team.season}, not ${race.season}.`,
    );
  const [clock] = await ctx.db
    .select({ isLocked: sql<boolean>`clock_timestamp() >= ${races.lockAt}` })
    .from(races)
    .where(eq(races.id, race.id));
  const isLocked = race.lockedAt !== null || clock?.isLocked === true;
  if (!isLocked && !isOwner)
    throw new DomainError(
      "forbidden",
      "lineup.hidden",
      `Line-ups for the ${race.name} are shown once it locks, at ${race.lockAt.toISOString()}.`,
    );
  const [saved] = await ctx.db
    .select({
      // In the same statement, so that nothing is saved between the two.
      version: sql<number>`case when exists (
        select from team_lineups later where later.team_id = ${teamLineups.teamId} and later.version > ${teamLineups.version}
      ) then ${teamLineups.version} else (select team.version from teams team where team.id = ${teamLineups.teamId}) end`,
      cost: teamLineups.cost,
      savedAt: teamLineups.savedAt,
      keys: lineups.drivers,
      captain: lineups.captain,
    })
    .from(teamLineups)
    .innerJoin(lineups, eq(lineups.id, teamLineups.lineupId))
    .where(
      and(
        eq(teamLineups.teamId, team.id),
        sql`${teamLineups.savedAt} < (select lock_at from races where id = ${race.id})`,
      ),
    )
    .orderBy(desc(teamLineups.version))
    .limit(1);
  if (!saved)
    throw new DomainError(
      "not_found",
      "lineup.none_fielded",
      `The team fielded nobody in the ${race.name}: it was entered after the lock.`,
    );
  const { budget } = (await rulesOfSeason(ctx.db, race.season)).lineup;
  const picked = await driversWithKeys(ctx, saved.keys, race);
  return {
    teamId: team.id,
    version: saved.version,
    race: { season: race.season, slug: race.slug, name: race.name, lockAt: race.lockAt, isLocked },
    drivers: picked.map(({ driverId, name, constructorId }) => ({ driverId, name, constructorId })),
    captainId: picked.find((driver) => driver.key === saved.captain)?.driverId ?? "",
    cost: saved.cost,
    budget,
    remaining: budget - saved.cost,
    savedAt: saved.savedAt,
  };
}

type TeamRow = Pick<typeof teams.$inferSelect, "id" | "season" | "ownerId">;

async function teamRow(ctx: ServiceContext, id: string): Promise<TeamRow> {
  const [team] = await ctx.db
    .select({ id: teams.id, season: teams.season, ownerId: teams.ownerId })
    .from(teams)
    .where(and(eq(teams.id, id), isNull(teams.removedAt)));
  if (team) return team;
  throw new DomainError("not_found", "team.not_found", "There is no such team.");
}

async function raceAskedFor(
  ctx: ServiceContext,
  season: number,
  asked: RaceName | undefined,
  isOwner: boolean,
): Promise<RaceRow> {
  if (asked) return raceNamed(ctx.db, asked);
  const race = isOwner ? await nextOpenRace(ctx.db, season) : null;
  return race ?? (await latestLockedRace(ctx, season));
}

async function latestLockedRace(ctx: ServiceContext, season: number): Promise<RaceRow> {
  const [race] = await ctx.db
    .select()
    .from(races)
    .where(and(eq(races.season, season), isNull(races.cancelledAt), sql`${races.lockAt} <= clock_timestamp()`))
    .orderBy(desc(races.lockAt))
    .limit(1);
  if (race) return race;
  throw new DomainError(
    "forbidden",
    "lineup.hidden",
    "Line-ups are shown once a race locks, and none of this season has locked yet.",
  );
}

async function driversWithKeys(ctx: ServiceContext, keys: readonly number[], race: RaceRow) {
  const entered = await marketOf(ctx.db, race.season, race.id);
  const rows = await ctx.db
    .select({
      key: drivers.key,
      driverId: drivers.id,
      name: sql<string>`${drivers.givenName} || ' ' || ${drivers.familyName}`,
    })
    .from(drivers)
    .where(sql`${drivers.key} = any(${`{${keys.join(",")}}`}::smallint[])`)
    .orderBy(drivers.key);
  return rows.map((row) => ({ ...row, constructorId: entered.get(row.driverId)?.constructorId ?? null }));
}
