import { DomainError } from "@pitwall/domain/domain-error";
import type { Tenths } from "@pitwall/domain/tenths";
import { type Placeholder, type SQL, sql } from "drizzle-orm";
import type { PlacedRow, StandingsOrder } from "./views.ts";

/** A place in an order is what the team there is ordered by. */
export interface Place {
  readonly racePoints: Tenths;
  readonly total: Tenths;
  readonly best: Tenths;
  readonly teamId: string;
}

/** Every team comes after it. */
const TOP: Place = {
  racePoints: 2 ** 31 - 1,
  total: 2 ** 31 - 1,
  best: 2 ** 31 - 1,
  teamId: "00000000-0000-0000-0000-000000000000",
};

interface Order {
  /** Of rows named `placed`. Points are turned round, as in the indexes, so that all of it ascends. */
  readonly ascending: SQL;
  readonly descending: SQL;
  readonly row: SQL;
  readonly place: (at: { readonly [K in keyof Place]: Place[K] | Placeholder }) => SQL;
}

export const ORDERS: { readonly [By in StandingsOrder]: Order } = {
  total: {
    ascending: sql`(-placed.total), (-placed.best), placed.team_id`,
    descending: sql`(-placed.total) desc, (-placed.best) desc, placed.team_id desc`,
    row: sql`((-placed.total), (-placed.best), placed.team_id)`,
    place: (at) => sql`(-${at.total}::int, -${at.best}::int, ${at.teamId}::uuid)`,
  },
  race: {
    ascending: sql`(-placed.race_points), (-placed.total), (-placed.best), placed.team_id`,
    descending: sql`(-placed.race_points) desc, (-placed.total) desc, (-placed.best) desc, placed.team_id desc`,
    row: sql`((-placed.race_points), (-placed.total), (-placed.best), placed.team_id)`,
    place: (at) => sql`(-${at.racePoints}::int, -${at.total}::int, -${at.best}::int, ${at.teamId}::uuid)`,
  },
};

/** A cursor names the last team of a page by what orders it, so it points between the same teams in any standings. */
function cursorOf({ racePoints, total, best, teamId }: PlacedRow, by: StandingsOrder): string {
  return by === "total" ? `${total}.${best}.${teamId}` : `${racePoints}.${total}.${best}.${teamId}`;
}

const CURSOR = /^(?:(-?\d{1,9})\.)?(-?\d{1,9})\.(-?\d{1,9})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

export function placeOf(cursor: string | undefined, by: StandingsOrder): Place {
  if (cursor === undefined) return TOP;
  const [, racePoints, total, best, teamId] = CURSOR.exec(cursor) ?? [];
  if (teamId === undefined || (racePoints === undefined) !== (by === "total"))
    throw new DomainError(
      "malformed",
      "standings.bad_cursor",
      "This cursor is not one of ours. Take it from nextCursor of the page before.",
    );
  return { racePoints: Number(racePoints ?? 0), total: Number(total), best: Number(best), teamId };
}

/** What a page shows of one row more than it was asked for, and how to go on if there is one. */
export function paged(rows: readonly PlacedRow[], limit: number, by: StandingsOrder) {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { page, nextCursor: last && rows.length > limit ? cursorOf(last, by) : null };
}
