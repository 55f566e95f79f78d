import { done, type Game, type Input, type Judge, no, type Verdict } from "./game.ts";
import { vacate } from "./teams.ts";

const missing = no(404, "league.not_found");
const notAllowed = no(403, "league.not_allowed");
const outsider = no(404, "league.not_a_member");
const mustTransfer = no(409, "league.owner_must_transfer");

type Role = "owner" | "manager" | "member" | null;

function roleOf({ leagues }: Game, id: string, who: string): Role {
  const league = leagues.get(id);
  return league?.owner === who ? "owner" : (league?.members.get(who)?.role ?? null);
}

function shown(game: Game, id: string, by: string): Verdict {
  const league = game.leagues.get(id);
  if (!league) return missing;
  const { owner, members, bans: _bans, code, ...rest } = league;
  const role = roleOf(game, id, by);
  return done({
    ...{ ...rest, id, role, owner: { id: owner }, memberCount: members.size },
    ...{ teamId: members.get(by)?.team ?? null, code: role === null ? null : code },
  });
}

function isSeen(game: Game, id: string, by: string): boolean {
  const league = game.leagues.get(id);
  return league !== undefined && (!league.isPrivate || roleOf(game, id, by) !== null);
}

/** Why somebody may not rule there so, or null. */
function ruled(game: Game, by: string, { id, version }: Input, rulers: readonly Role[]): Verdict | null {
  if (!isSeen(game, id, by)) return missing;
  if (!rulers.includes(roleOf(game, id, by))) return notAllowed;
  return version !== undefined && version !== game.leagues.get(id)?.version ? no(409, "league.version_stale") : null;
}

const RULERS: readonly Role[] = ["owner", "manager"];
const OWNER: readonly Role[] = ["owner"];

function takeSeat(game: Game, id: string, by: string, team: string): Verdict | null {
  const league = game.leagues.get(id);
  if (!league) return missing;
  if (game.teams.get(team)?.owner !== by) return no(404, "team.not_found");
  if (league.season !== game.season) return no(422, "league.wrong_season");
  if (league.members.has(by)) return no(409, "league.already_member");
  if (league.bans.has(by)) return no(403, "league.banned");
  if (league.members.size >= league.seats) return no(409, "league.full");
  league.members.set(by, { team, role: "member" });
  return null;
}

const FIELDS = ["name", "description", "isPrivate", "seats", "code", "owner"] as const;

function change(game: Game, id: string, to: Input): void {
  const league = game.leagues.get(id);
  if (!league) return;
  const isOther = FIELDS.some((field) => to[field] !== undefined && to[field] !== league[field]);
  Object.assign(league, to, isOther && { version: league.version + 1 });
}

export const leagues: Readonly<Record<string, Judge>> = {
  "leagues.create"(game, by, { teamId, ...input }, said) {
    const { season, name, isPrivate, seats } = input;
    const made = {
      owner: by,
      code: said.code,
      version: 1,
      description: "",
      members: new Map(),
      bans: new Set<string>(),
    };
    game.leagues.set(said.id, { season, name, isPrivate, seats, ...made });
    const refusal = teamId === undefined ? null : takeSeat(game, said.id, by, teamId);
    if (!refusal) return { ...shown(game, said.id, by), status: 201 };
    game.leagues.delete(said.id);
    return refusal;
  },

  "leagues.byId": (game, by, { id }) => (isSeen(game, id, by) ? shown(game, id, by) : missing),

  "leagues.list"(game, by, { mine }) {
    const isListed = (id: string) => (mine ? roleOf(game, id, by) !== null : game.leagues.get(id)?.isPrivate === false);
    const ids = [...game.leagues].filter(([id, { season }]) => season === game.season && isListed(id));
    return done({ total: ids.length, items: ids.map(([id]) => shown(game, id, by).body) });
  },

  "leagues.members"(game, by, { id }) {
    if (!isSeen(game, id, by)) return missing;
    const members = game.leagues.get(id)?.members ?? new Map();
    const items = [...members].map(([userId, { team }]) => ({
      userId,
      team: { id: team },
      role: roleOf(game, id, userId),
    }));
    return done({ total: items.length, items });
  },

  "leagues.join": (game, by, { id, teamId }) =>
    isSeen(game, id, by) ? (takeSeat(game, id, by, teamId) ?? shown(game, id, by)) : missing,

  "leagues.joinByCode"(game, by, { code, teamId }) {
    const plain = code.replace(/[\s-]/g, "").toUpperCase();
    const [id = ""] = [...game.leagues].find(([, league]) => league.code === plain) ?? [];
    return takeSeat(game, id, by, teamId) ?? shown(game, id, by);
  },

  "leagues.leave"(game, by, { id }) {
    if (!isSeen(game, id, by)) return missing;
    const seat = game.leagues.get(id)?.members.get(by);
    if (!seat) return outsider;
    const here = { ...game, leagues: new Map([...game.leagues].filter(([league]) => league === id)) };
    const refusal = vacate(here, by, (team) => team === seat.team);
    if (!refusal && !here.leagues.has(id)) game.leagues.delete(id);
    return refusal ?? done();
  },

  "leagues.update"(game, by, { id, version, ...to }) {
    const isDescribing = Object.keys(to).every((field) => field === "description");
    const refusal = ruled(game, by, { id, version }, isDescribing ? RULERS : OWNER);
    if (refusal) return refusal;
    if (to.seats < (game.leagues.get(id)?.members.size ?? 0)) return no(409, "league.seats_below_members");
    change(game, id, to);
    return shown(game, id, by);
  },

  "leagues.renewCode"(game, by, input, said) {
    const refusal = ruled(game, by, input, OWNER);
    if (!refusal) change(game, input.id, { code: said.code });
    return refusal ?? shown(game, input.id, by);
  },

  "leagues.transfer"(game, by, { id, version, userId }) {
    const refusal = ruled(game, by, { id, version }, OWNER);
    if (refusal || userId === by) return refusal ?? shown(game, id, by);
    const members = game.leagues.get(id)?.members;
    if (!members?.has(userId)) return outsider;
    const seat = members.get(by);
    if (seat) seat.role = "manager";
    change(game, id, { owner: userId });
    return shown(game, id, by);
  },

  "leagues.setRole"(game, by, { id, userId, role }) {
    const refusal = ruled(game, by, { id }, OWNER);
    if (refusal) return refusal;
    const seat = game.leagues.get(id)?.members.get(userId);
    if (!seat) return outsider;
    if (userId === by) return mustTransfer;
    seat.role = role;
    return done({ userId, role, team: { id: seat.team } });
  },

  "leagues.removeMember"(game, by, { id, userId, ban = true }) {
    const refusal = ruled(game, by, { id }, RULERS);
    if (refusal) return refusal;
    if (userId === by) return no(422, "league.leave_instead");
    const league = game.leagues.get(id);
    if (!league?.members.has(userId)) return outsider;
    if (roleOf(game, id, userId) !== "member" && roleOf(game, id, by) !== "owner") return notAllowed;
    league.members.delete(userId);
    if (ban) league.bans.add(userId);
    return done();
  },

  "leagues.bans"(game, by, { id }) {
    const bans = [...(game.leagues.get(id)?.bans ?? [])];
    return ruled(game, by, { id }, RULERS) ?? done({ total: bans.length, items: bans.map((userId) => ({ userId })) });
  },

  "leagues.lift"(game, by, { id, userId }) {
    const refusal = ruled(game, by, { id }, RULERS);
    if (refusal) return refusal;
    return game.leagues.get(id)?.bans.delete(userId) ? done() : no(404, "league.not_banned");
  },

  "leagues.remove"(game, by, input) {
    const refusal = ruled(game, by, input, OWNER);
    if (!refusal) game.leagues.delete(input.id);
    return refusal ?? done();
  },
};
