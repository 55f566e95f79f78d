import type { Db } from "@pitwall/db/database";
import { withTx } from "@pitwall/db/database";
import { teams, users } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { type LineupFault, lineupCost, lineupFaults } from "@pitwall/domain/lineups";
import type { Tenths } from "@pitwall/domain/tenths";
import { and, desc, eq, isNull, lt, sql } from "drizzle-orm";
import type { ServiceContext } from "./context.ts";
import { activeSpeaker } from "./internal/active-speaker.ts";
import { type Places, prepared } from "./internal/prepared.ts";
import { holdNextOpenRace, nextOpenRace } from "./internal/race-lookup.ts";
import { speakerId } from "./internal/speaker.ts";
import { enterLineups, type LineupInput, openMarket, refusalOf } from "./teams/market.ts";
import { ownTeam, teamNotFound } from "./teams/own-team.ts";
import { type Save, saveWithOthers } from "./teams/saving.ts";
import { type TeamView, teamView } from "./teams/views.ts";

export interface NewTeam extends LineupInput {
  readonly season: number;
  readonly name: string;
}

const TEAMS_PER_SEASON = 5;

/** Enters a team with its first line-up, for the next race that is still open. */
export async function createTeam(ctx: ServiceContext, input: NewTeam): Promise<TeamView> {
  return withTx(ctx.db, async (db) => {
    // One owner's entries queue up here, so that two at once take two slots instead of fighting for one.
    const ownerId = await activeSpeaker(db, ctx.actor, "no key update");
    const market = await openMarket(db, input.season, holdNextOpenRace);
    const refusal = refusalOf(input, market);
    if (refusal) throw refusal;
    const slot = await freeSlot(db, ownerId, input.season);
    const [team] = await db
      .insert(teams)
      .values({ ownerId, season: input.season, name: input.name, slot })
      .returning({ id: teams.id });
    if (!team) throw new Error("a new team came back without its row");
    await enterLineups(db, market, [{ ...input, teamId: team.id, version: 1 }]);
    return teamById({ ...ctx, db }, { id: team.id });
  });
}

/** Replaces the whole line-up for the next open race; refused as stale when the team has changed since `version`. */
export async function setLineup(
  ctx: ServiceContext,
  input: LineupInput & { readonly id: string; readonly version: number },
): Promise<TeamView> {
  const save = { ...input, ownerId: speakerId(ctx.actor) };
  return (await saveWithOthers(ctx.db, save)) ?? saveAlone(ctx, save);
}

async function saveAlone(ctx: ServiceContext, save: Save): Promise<TeamView> {
  return withTx(ctx.db, async (db) => {
    const team = await ownTeam(db, ctx, save.id);
    const market = await openMarket(db, team.season, holdNextOpenRace);
    const refusal = refusalOf(save, market);
    if (refusal) throw refusal;
    const [moved] = await db
      .update(teams)
      .set({ version: sql`${teams.version} + 1` })
      .where(and(eq(teams.id, team.id), eq(teams.version, save.version), isNull(teams.removedAt)))
      .returning({ version: teams.version });
    if (!moved) throw await staleOrGone({ ...ctx, db }, team.id);
    await enterLineups(db, market, [{ ...save, teamId: team.id, version: moved.version }]);
    return teamById({ ...ctx, db }, { id: team.id });
  });
}

/** Why a team is not there in the version that was meant. */
export async function staleOrGone(tx: ServiceContext, id: string): Promise<DomainError> {
  await teamById(tx, { id });
  return new DomainError(
    "conflict",
    "team.version_stale",
    "The team has changed since you read it. Read it again, then save.",
  );
}

export interface LineupCheck {
  readonly race: { readonly season: number; readonly slug: string };
  readonly cost: Tenths;
  readonly budget: Tenths;
  readonly remaining: Tenths;
  readonly faults: LineupFault[];
}

/** What saving would say, without saving. */
export async function checkLineup(
  ctx: ServiceContext,
  input: LineupInput & { readonly season: number },
): Promise<LineupCheck> {
  const { race, offers, rules } = await openMarket(ctx.db, input.season, nextOpenRace);
  const cost = lineupCost(input.driverIds.flatMap((id) => offers.get(id) ?? []));
  const { budget } = rules.lineup;
  return {
    race: { season: race.season, slug: race.slug },
    cost,
    budget,
    remaining: budget - cost,
    faults: lineupFaults(input.driverIds, input.captainId, offers, rules),
  };
}

export async function teamById(ctx: ServiceContext, input: { readonly id: string }): Promise<TeamView> {
  const [team] = await teamCalled(ctx.db, { id: input.id });
  if (team) return team;
  throw teamNotFound();
}

const teamCalled = prepared("team_by_id", (db, { id }: Places<{ id: string }>) =>
  db
    .select(teamView)
    .from(teams)
    .innerJoin(users, eq(users.id, teams.ownerId))
    .where(and(eq(teams.id, id), isNull(teams.removedAt))),
);

/** Newest first. How many there are is told of one's own only: to count a million for every page is dear. */
export async function listTeams(
  ctx: ServiceContext,
  input: {
    readonly season?: number | undefined;
    readonly mine?: boolean | undefined;
    readonly limit: number;
    /** The `nextCursor` of the page before. */
    readonly cursor?: string | undefined;
  },
): Promise<{ items: TeamView[]; total?: number; nextCursor: string | null }> {
  const owner = input.mine ? speakerId(ctx.actor) : null;
  const chosen = and(
    isNull(teams.removedAt),
    input.season === undefined ? undefined : eq(teams.season, input.season),
    owner === null ? undefined : eq(teams.ownerId, owner),
  );
  const found = await ctx.db
    .select(teamView)
    .from(teams)
    .innerJoin(users, eq(users.id, teams.ownerId))
    .where(and(chosen, input.cursor === undefined ? undefined : lt(teams.id, input.cursor)))
    .orderBy(desc(teams.id))
    .limit(input.limit + 1);
  const items = found.slice(0, input.limit);
  const nextCursor = found.length > input.limit ? (items.at(-1)?.id ?? null) : null;
  return owner === null ? { items, nextCursor } : { items, total: await ctx.db.$count(teams, chosen), nextCursor };
}

/** The lowest free one. The caller holds the owner's row, so nobody else takes it meanwhile. */
async function freeSlot(db: Db, ownerId: string, season: number): Promise<number> {
  const { rows } = await db.execute<{ slot: number }>(sql`
    select slot from generate_series(1, ${TEAMS_PER_SEASON}::int) slot where not exists (
      select from teams t where t.owner_id = ${ownerId} and t.season = ${season} and t.slot = slot.slot and t.removed_at is null)
    order by slot limit 1`);
  const [free] = rows;
  if (free) return free.slot;
  throw new DomainError(
    "broken_rule",
    "team.too_many",
    `You have ${TEAMS_PER_SEASON} teams in this season already, which is the most.`,
  );
}
