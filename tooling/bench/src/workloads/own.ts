import { buildLeague } from "@pitwall/services/standings/league-builds";
import type { Bench } from "../bench.ts";
import { foundLeagues } from "../leagues.ts";
import { bareSql } from "../limits/limits.ts";
import { HTTP_WARM_UPS, type Line, type Workload } from "../workload.ts";

const CONNECTIONS = 32;
const SIZES = [10, 1_000, 100_000];
/** From this size on the house gives a league rows of its own. */
const LARGE = 1_000;

/** What everybody reads of their own, over HTTP with a token. */
export const own: Workload = {
  name: "own",
  async *lines(bench) {
    await bench.weekends.scored(2);
    const { season } = bench.weekends;
    yield ownRead(bench, "my team", [`/teams/mine?season=${season}`]);
    yield ownRead(bench, "my rank in the whole game", [`/standings/me?season=${season}`]);
    for (const size of SIZES.filter((wanted) => wanted <= bench.scale.teams)) {
      const paths = (await leaguesOfPlayers(bench, size)).map((id) => `/leagues/${id}/standings/me`);
      yield ownRead(bench, `my rank in a league of ${size}`, paths);
    }
  },
};

export function ownRead(bench: Bench, what: string, paths: readonly string[]): Line {
  return {
    ...{ what, warmUps: HTTP_WARM_UPS, limit: bareSql(bench, CONNECTIONS) },
    async round() {
      const tokens = (await (await bench.players()).tokens()).slice(0, paths.length === 1 ? undefined : paths.length);
      return (await bench.fire({ kind: "reads", paths, tokens }, { connections: CONNECTIONS })).sample;
    },
  };
}

/** The league of each player who is in one of this size, in the order of the players. */
async function leaguesOfPlayers(bench: Bench, size: number): Promise<string[]> {
  const players = (await bench.players()).all.length;
  const leagues = await foundLeagues(bench, size, Math.max(1, Math.floor(players / size)));
  if (size >= LARGE) for (const leagueId of leagues) await buildLeague(bench.weekends.ctx, { leagueId });
  return leagues.flatMap((id) => Array.from({ length: Math.min(size, players) }, () => id));
}
