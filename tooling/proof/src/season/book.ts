import type { Act, Lineup } from "./acts.ts";

export interface BookedTeam {
  readonly name: string;
  readonly owner: string;
  version: number;
  removedAt: Date | null;
  readonly lineups: { readonly at: Date; readonly lineup: Lineup }[];
}

export interface BookedLeague {
  readonly name: string;
  owner: string;
  readonly seats: number;
  /** Team by owner, in the order in which they came. */
  readonly members: Map<string, string>;
}

/** What was acknowledged to the players, kept by somebody who trusts nobody. */
export interface Book {
  readonly players: Set<string>;
  readonly teams: Map<string, BookedTeam>;
  readonly leagues: Map<string, BookedLeague>;
}

export const emptyBook = (): Book => ({ players: new Set(), teams: new Map(), leagues: new Map() });

/** What must become of an act: "done", or why it must be refused. Line-ups are judged by whoever drew them. */
export function verdictOn(book: Book, act: Act): string {
  switch (act.kind) {
    case "join": {
      const league = book.leagues.get(act.league);
      if (!league) return "league.not_found";
      if (!isMine(book, act)) return "team.not_found";
      if (league.members.has(act.who)) return "league.already_member";
      return league.members.size >= league.seats ? "league.full" : "done";
    }
    case "found":
      return isMine(book, act) ? "done" : "team.not_found";
    case "quit": {
      const league = book.leagues.get(act.league);
      if (!league) return "league.not_found";
      if (!league.members.has(act.who)) return "league.not_a_member";
      return isStuck(league, act.who) ? "league.owner_must_transfer" : "done";
    }
    case "withdraw": {
      const entered = [...book.leagues.values()].filter((one) => one.members.get(act.who) === act.team);
      return entered.some((league) => isStuck(league, act.who)) ? "league.owner_must_transfer" : "done";
    }
    default:
      return "done";
  }
}

function isMine(book: Book, { who, team }: { readonly who: string; readonly team: string }): boolean {
  const booked = book.teams.get(team);
  return booked !== undefined && booked.owner === who && booked.removedAt === null;
}

function isStuck({ owner, members }: BookedLeague, who: string): boolean {
  return owner === who && members.size > 1;
}

/** Writes down what was acknowledged at a moment. */
export function enterInto(book: Book, act: Act, at: Date): void {
  switch (act.kind) {
    case "arrive":
      book.players.add(act.who);
      return;
    case "leave":
      book.players.delete(act.who);
      for (const league of book.leagues.values()) bequeath(book, league, act.who);
      return;
    case "enter": {
      const { team: name, who: owner, driverIds, captainId } = act;
      const lineups = [{ at, lineup: { driverIds, captainId } }];
      book.teams.set(name, { name, owner, version: 1, removedAt: null, lineups });
      return;
    }
    case "save": {
      const team = book.teams.get(act.team);
      if (!team) return;
      team.version += 1;
      team.lineups.push({ at, lineup: { driverIds: act.driverIds, captainId: act.captainId } });
      return;
    }
    case "withdraw": {
      const team = book.teams.get(act.team);
      if (team) team.removedAt = at;
      for (const league of book.leagues.values())
        if (league.members.get(act.who) === act.team) giveUp(book, league, act.who);
      return;
    }
    case "found":
      book.leagues.set(act.league, {
        ...{ name: act.league, owner: act.who, seats: act.seats },
        members: new Map([[act.who, act.team]]),
      });
      return;
    case "join":
      book.leagues.get(act.league)?.members.set(act.who, act.team);
      return;
    case "quit": {
      const league = book.leagues.get(act.league);
      if (league) giveUp(book, league, act.who);
      return;
    }
    default:
  }
}

/** A league whose owner leaves as the last is closed. */
function giveUp(book: Book, league: BookedLeague, who: string): void {
  league.members.delete(who);
  if (league.owner === who) book.leagues.delete(league.name);
}

function bequeath(book: Book, league: BookedLeague, who: string): void {
  league.members.delete(who);
  if (league.owner !== who) return;
  const [heir] = league.members.keys();
  if (heir === undefined) book.leagues.delete(league.name);
  else league.owner = heir;
}

/** What a team has to field in a race that locked then. */
export function dueToField(team: BookedTeam, lockAt: Date): Lineup | null {
  if (team.removedAt !== null && team.removedAt < lockAt) return null;
  return team.lineups.findLast(({ at }) => at < lockAt)?.lineup ?? null;
}
