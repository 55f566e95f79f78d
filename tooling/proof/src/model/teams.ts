import { done, type Game, type Input, type Judge, lineupFaults, no, type Verdict } from "./game.ts";

const MOST_TEAMS = 5;

const gone = no(404, "team.not_found");
const stale = no(409, "team.version_stale");

function own({ teams }: Game, by: string, id: string): Verdict | null {
  const team = teams.get(id);
  if (!team) return gone;
  return team.owner === by ? null : no(403, "team.not_yours");
}

const shown = ({ teams, season }: Game, id: string) => {
  const team = teams.get(id);
  return done({ id, season, name: team?.name, version: team?.version, owner: { id: team?.owner } });
};

const isStale = (game: Game, id: string, version: number | undefined) =>
  version !== undefined && version !== game.teams.get(id)?.version;

const noRaceLeft = (game: Game, season: number) =>
  season === game.idle || game.locked === game.races.length ? no(422, "season.no_open_race") : null;

function save(game: Game, id: string, { driverIds: picks, captainId: captain }: Input): void {
  const team = game.teams.get(id);
  team?.lineups.push({ version: team.version, race: game.locked, captain, picks });
}

/** Nobody is in a league with a team that is gone, and a league whose owner was alone in it closes. */
export function vacate(game: Game, by: string, isMeant: (team: string) => boolean): Verdict | null {
  const entered = [...game.leagues].filter(([, { members }]) => isMeant(members.get(by)?.team ?? ""));
  if (entered.some(([, { owner, members }]) => owner === by && members.size > 1))
    return no(409, "league.owner_must_transfer");
  for (const [id, { owner, members }] of entered) {
    members.delete(by);
    if (owner === by) game.leagues.delete(id);
  }
  return null;
}

/** The one that is fielded in a race, counted from 0, as things stand. */
function fieldedIn({ teams }: Game, id: string, race: number) {
  return teams.get(id)?.lineups.findLast((saved) => saved.race <= race);
}

export const teams: Readonly<Record<string, Judge>> = {
  "teams.create"(game, by, input, said) {
    const refusal = noRaceLeft(game, input.season);
    if (refusal) return refusal;
    if (lineupFaults(game, input).length > 0) return no(422, "lineup.breaks_rules");
    if ([...game.teams.values()].filter(({ owner }) => owner === by).length >= MOST_TEAMS)
      return no(422, "team.too_many");
    game.teams.set(said.id, { owner: by, name: input.name, version: 1, lineups: [] });
    save(game, said.id, input);
    return { ...shown(game, said.id), status: 201 };
  },

  "teams.setLineup"(game, by, input) {
    const refusal = own(game, by, input.id) ?? noRaceLeft(game, game.season);
    if (refusal) return refusal;
    if (lineupFaults(game, input).length > 0) return no(422, "lineup.breaks_rules");
    if (isStale(game, input.id, input.version)) return stale;
    const team = game.teams.get(input.id);
    if (team) team.version += 1;
    save(game, input.id, input);
    return shown(game, input.id);
  },

  "teams.rename"(game, by, { id, name, version }) {
    const refusal = own(game, by, id);
    if (refusal) return refusal;
    if (isStale(game, id, version)) return stale;
    const team = game.teams.get(id);
    if (team) Object.assign(team, { name, version: team.version + 1 });
    return shown(game, id);
  },

  "teams.remove"(game, by, { id, version }) {
    const refusal = own(game, by, id);
    if (refusal) return refusal;
    const before = structuredClone(game.leagues);
    const bound = vacate(game, by, (team) => team === id);
    if (bound) return bound;
    if (isStale(game, id, version)) {
      game.leagues.clear();
      for (const [league, held] of before) game.leagues.set(league, held);
      return stale;
    }
    game.teams.delete(id);
    return done();
  },

  "teams.byId": (game, _by, { id }) => (game.teams.has(id) ? shown(game, id) : gone),

  "teams.list": (game, by) => {
    const mine = [...game.teams].filter(([, { owner }]) => owner === by);
    return done({ total: mine.length, items: mine.map(([id, { name, version }]) => ({ id, name, version })) });
  },

  "teams.lineup"(game, by, { id, race }) {
    const team = game.teams.get(id);
    if (!team) return gone;
    const isOwner = team.owner === by;
    const next = isOwner && game.locked < game.races.length ? game.locked : game.locked - 1;
    const asked = race === undefined ? next : game.races.indexOf(race);
    if (asked < 0 || (asked >= game.locked && !isOwner)) return no(403, "lineup.hidden");
    const saved = fieldedIn(game, id, asked);
    if (!saved) return no(404, "lineup.none_fielded");
    const version = saved === team.lineups.at(-1) ? team.version : saved.version;
    const drivers = saved.picks.map((driverId) => ({ driverId }));
    return done({ teamId: id, captainId: saved.captain, drivers, race: { slug: game.races[asked] }, version });
  },

  "teams.lineups"(game, by, { id }) {
    const refusal = own(game, by, id);
    const saved = game.teams.get(id)?.lineups ?? [];
    const items = saved.map(({ version, captain: captainId }) => ({ version, captainId }));
    return refusal ?? done({ total: saved.length, items });
  },
};
