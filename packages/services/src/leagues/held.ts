import { leagues } from "@pitwall/db/schema";
import { eq } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { holdLeagues } from "../internal/league-seats.ts";
import { leagueNotFound, leagueReader } from "../internal/league-visibility.ts";
import { leagueById } from "./reading.ts";
import { type LeagueView, leaguesFor } from "./views.ts";

/** Holds one league, then reads it: what the reader is in it is what is true until the transaction ends. */
export async function holdLeague(tx: ServiceContext, id: string): Promise<LeagueView> {
  await holdLeagues(tx.db, eq(leagues.id, id));
  return leagueById(tx, { id });
}

/** The same, for whoever knows the code. One that is renewed while they wait opens nothing. */
export async function holdLeagueByCode(tx: ServiceContext, code: string): Promise<LeagueView> {
  const [held] = await holdLeagues(tx.db, eq(leagues.code, code));
  if (!held) throw leagueNotFound();
  return heldLeague(tx, held.id);
}

/** For those whose right to see it has been judged, and may have ended with what they did. */
export async function heldLeague({ db, actor }: ServiceContext, id: string): Promise<LeagueView> {
  const [league] = await leaguesFor(db, leagueReader(actor)).where(eq(leagues.id, id));
  if (league) return league;
  throw leagueNotFound();
}
