import { buildLeague, buildLeagues } from "@pitwall/services/standings/league-builds";
import type { Task } from "./context.ts";

export const buildLeaguesTask: Task<"build-leagues"> = async (ctx, { season }) => {
  ctx.log.info("large leagues were queued", { season, leagues: await buildLeagues(ctx, { season }) });
};

export const buildLeagueTask: Task<"build-league"> = async (ctx, { leagueId }) => {
  ctx.log.info("the standings of a league were written", { leagueId, teams: await buildLeague(ctx, { leagueId }) });
};
