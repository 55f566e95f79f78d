import { type Db, isTransaction, withTx } from "@pitwall/db/database";
import { teams, users } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { and, asc, eq, isNull, sql } from "drizzle-orm";
import { inOneGo } from "../internal/in-one-go.ts";
import { type Places, prepared } from "../internal/prepared.ts";
import { holdNextOpenRace } from "../internal/race-lookup.ts";
import { enterLineups, type LineupInput, openMarket, refusalOf } from "./market.ts";
import { type TeamView, teamView } from "./views.ts";

export interface Save extends LineupInput {
  readonly id: string;
  readonly version: number;
  readonly ownerId: string;
}

/**
 * Saves a line-up together with those that others save meanwhile. Null where that is not to be: in an open transaction, for
 * whom something is in the way, or wherever it takes a second look to say why it must be refused.
 */
export async function saveWithOthers(db: Db, save: Save): Promise<TeamView | null> {
  if (isTransaction(db)) return null;
  const verdict = await together(db, save);
  if (verdict instanceof DomainError) throw verdict;
  return verdict;
}

type Verdict = TeamView | DomainError | null;

const together = inOneGo(async (pool, saves: readonly Save[]): Promise<Verdict[]> => {
  let verdicts: Verdict[] = saves.map(() => null);
  try {
    await withTx(pool, async (db) => {
      const held = await holdTeams(db, saves);
      const [first] = held.values();
      if (!first) return;
      const market = await openMarket(db, first.season, holdNextOpenRace);
      const accepted: Save[] = [];
      verdicts = saves.map((save) => {
        const team = held.get(save.id);
        if (team?.season !== first.season || team.owner.id !== save.ownerId || team.version !== save.version)
          return null;
        const refusal = refusalOf(save, market);
        if (refusal) return refusal;
        // Of two for one team, the second comes after the first.
        held.delete(save.id);
        accepted.push(save);
        return { ...team, version: team.version + 1 };
      });
      await enterLineups(
        db,
        market,
        accepted.map(({ id, version, ...lineup }) => ({ teamId: id, version: version + 1, ...lineup })),
      );
    });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    verdicts = verdicts.map((verdict) => (verdict && !(verdict instanceof DomainError) ? error : verdict));
  }
  return verdicts;
});

/**
 * Those of the teams, with their owners' accounts, that nobody else holds: one who is in the way of one save is not to be in
 * the way of the others. The accounts come first, as they do everywhere.
 */
async function holdTeams(db: Db, saves: readonly Save[]): Promise<Map<string, TeamView>> {
  const ids = saves.map(({ id }) => id);
  const held = await freeTeams(db, { ids, ownerIds: saves.map(({ ownerId }) => ownerId) });
  return new Map(held.map((team) => [team.id, team]));
}

const freeTeams = prepared("hold_free_teams", (db, { ids, ownerIds }: Places<{ ids: string[]; ownerIds: string[] }>) =>
  db
    .select(teamView)
    .from(users)
    .innerJoin(teams, eq(teams.ownerId, users.id))
    .where(
      and(
        sql`${users.id} = any(${ownerIds}::uuid[])`,
        users.isActive,
        sql`${teams.id} = any(${ids}::uuid[])`,
        isNull(teams.removedAt),
      ),
    )
    .orderBy(asc(teams.id))
    .for("no key update", { of: [users, teams], skipLocked: true }),
);
