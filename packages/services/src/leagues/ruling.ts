import { withTx } from "@pitwall/db/database";
import { leagues } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { eq, sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { activeSpeaker } from "../internal/active-speaker.ts";
import { refusing } from "../internal/breaches.ts";
import { refuseStale } from "../internal/versions.ts";
import { heldLeague, holdLeague } from "./held.ts";
import { newJoinCode } from "./join-codes.ts";
import { type LeaguePower, requirePower } from "./powers.ts";
import type { LeagueView } from "./views.ts";

export interface MeantLeague {
  readonly id: string;
  /** That of the league as it was read; left out, it is done whatever has happened since. */
  readonly version?: number | undefined;
}

/** Holds the speaker's account, then the league, and asks whether the speaker's role in it is enough. */
export async function ruling<T>(
  ctx: ServiceContext,
  { id, version, power }: MeantLeague & { readonly power: LeaguePower },
  act: (tx: ServiceContext, league: LeagueView) => Promise<T>,
): Promise<T> {
  return withTx(ctx.db, async (db) => {
    const tx = { ...ctx, db };
    await activeSpeaker(db, ctx.actor);
    const league = await holdLeague(tx, id);
    requirePower(league, power);
    refuseStale("league", version, league);
    return act(tx, league);
  });
}

export interface LeagueChange extends MeantLeague {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly isPrivate?: boolean | undefined;
  readonly seats?: number | undefined;
}

/** Changes what is named and leaves the rest. Seats that are taken stay. */
export async function updateLeague(ctx: ServiceContext, { id, version, ...change }: LeagueChange): Promise<LeagueView> {
  const { description: _description, ...rest } = change;
  const power = isEmpty(rest) ? "describe" : "update";
  return ruling(ctx, { id, version, power }, async (tx, league) => {
    if (isEmpty(change)) return league;
    await refusing(() => tx.db.update(leagues).set(change).where(eq(leagues.id, id)), {
      leagues_seats_hold: () =>
        new DomainError(
          "conflict",
          "league.seats_below_members",
          `The league has ${league.memberCount} members, so it needs as many seats.`,
        ),
      leagues_seats_range: () =>
        new DomainError("malformed", "league.seats_out_of_range", "A league has 2 to 100 000 seats."),
    });
    return heldLeague(tx, id);
  });
}

function isEmpty(change: object): boolean {
  return Object.values(change).every((value) => value === undefined);
}

/** Gives out a new code. The old one opens nothing from then on. */
export async function renewCode(ctx: ServiceContext, { id, version }: MeantLeague): Promise<LeagueView> {
  return ruling(ctx, { id, version, power: "renewCode" }, async (tx) => {
    await tx.db.update(leagues).set({ code: newJoinCode() }).where(eq(leagues.id, id));
    return heldLeague(tx, id);
  });
}

/** Closes a league for good, and tells whoever was in it. Their teams play on. */
export async function removeLeague(ctx: ServiceContext, { id, version }: MeantLeague): Promise<void> {
  await ruling(ctx, { id, version, power: "close" }, async ({ db }, league) => {
    await db.execute(sql`
      insert into notifications (user_id, type, title, body, data)
      select user_id, 'league_role', ${`${league.name} is no more`}::text,
        'Its owner has closed it. Your team plays on in the season.', ${JSON.stringify({ leagueId: id, role: null })}::jsonb
      from league_members where league_id = ${id} and user_id <> ${league.owner.id}`);
    await db.delete(leagues).where(eq(leagues.id, id));
  });
}
