import { teams } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { and, eq, isNull } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { type Places, prepared } from "../internal/prepared.ts";
import { speakerId } from "../internal/speaker.ts";
import { noSuchSeason, raceMeant, standingsAsOf } from "./as-of.ts";
import { paged, placeOf } from "./order.ts";
import { newestPlacedOf, placedAfter, placedAround, placedOf, placeOfTeam } from "./placed.ts";
import { type OrderedAsOf, type StandingsPage, type StandingView, viewOf } from "./views.ts";

/** The whole game, best first. Equals share a rank. */
export async function globalStandings(
  ctx: ServiceContext,
  input: OrderedAsOf & { readonly season: number; readonly limit: number; readonly cursor?: string | undefined },
): Promise<StandingsPage> {
  const { by = "total", limit } = input;
  const place = placeOf(input.cursor, by);
  const standings = await standingsAsOf(ctx.db, input.season, input);
  if (!standings) return { race: null, items: [], total: 0, nextCursor: null };
  const rows = await placedAfter(ctx.db, { standings, by }, { ...place, limit: limit + 1 });
  const { page, nextCursor } = paged(rows, limit, by);
  const { season, slug, revision, teams: total } = standings;
  return { race: { season, slug, revision }, items: page.map(viewOf), total, nextCursor };
}

/** Where my teams stand in the whole game. */
export async function myStandings(
  ctx: ServiceContext,
  input: OrderedAsOf & { readonly season: number },
): Promise<{ items: StandingView[] }> {
  const { by = "total", season } = input;
  const mine = { by, ownerId: speakerId(ctx.actor) };
  if (raceMeant(input) === null) {
    const rows = await newestPlacedOf(ctx.db, { ...mine, season });
    if (rows === null) throw noSuchSeason(season);
    return { items: rows.map(viewOf) };
  }
  const standings = await standingsAsOf(ctx.db, season, input);
  const rows = standings ? await placedOf(ctx.db, { ...mine, standings }) : [];
  return { items: rows.map(viewOf) };
}

/** The teams just above and just below one team. */
export async function aroundTeam(
  ctx: ServiceContext,
  input: OrderedAsOf & { readonly teamId: string; readonly each: number },
): Promise<{ items: StandingView[] }> {
  const { by = "total", each } = input;
  const [team] = await seasonOfTeam(ctx.db, { id: input.teamId });
  if (!team) throw new DomainError("not_found", "team.not_found", "There is no such team.");
  const standings = await standingsAsOf(ctx.db, team.season, input);
  if (!standings || standings.teams === 0) return { items: [] };
  const place = await placeOfTeam(ctx.db, { standings, by }, input.teamId);
  if (!place) return { items: [] };
  const rows = await placedAround(ctx.db, { standings, by }, { ...place, limit: each });
  return { items: rows.map(viewOf) };
}

const seasonOfTeam = prepared("season_of_team", (db, { id }: Places<{ id: string }>) =>
  db
    .select({ season: teams.season })
    .from(teams)
    .where(and(eq(teams.id, id), isNull(teams.removedAt))),
);
