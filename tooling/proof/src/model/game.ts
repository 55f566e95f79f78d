/** What somebody asks for, in the words of the API. */
export interface Ask {
  readonly procedure: string;
  /** The access token that comes along, if any. */
  readonly token: string | null;
  readonly input: Input;
  /** The version that If-Match names; the door of REST alone knows it. */
  readonly ifMatch: number | null;
  readonly key: string | null;
  readonly door: "rest" | "trpc";
}

// biome-ignore lint/suspicious/noExplicitAny: the model judges what the wire says, whose every field it compares
export type Input = Readonly<Record<string, any>>;

export interface Answer {
  readonly status: number;
  /** Null when it was done. */
  readonly reason: string | null;
  readonly body: Input;
  readonly isReplayed: boolean;
}

interface Seat {
  readonly team: string;
  role: "manager" | "member";
}

interface Team {
  readonly owner: string;
  name: string;
  version: number;
  /** Newest last; `race` counts the season's races. */
  readonly lineups: {
    readonly version: number;
    readonly race: number;
    readonly captain: string;
    readonly picks: string[];
  }[];
}

interface League {
  owner: string;
  readonly season: number;
  name: string;
  description: string;
  isPrivate: boolean;
  seats: number;
  code: string;
  version: number;
  readonly members: Map<string, Seat>;
  readonly bans: Set<string>;
}

/** All that the game remembers, as plain values, so that it can be copied and tried out. */
export interface Game {
  readonly season: number;
  /** One without races. */
  readonly idle: number;
  readonly market: ReadonlyMap<string, { readonly price: number; readonly constructor: string }>;
  readonly races: readonly string[];
  /** How many of the races have locked. */
  locked: number;
  readonly users: Map<string, { readonly username: string; password: string; misses: number; tries: number }>;
  /** The live ones, and the refresh token that counts. */
  readonly sessions: Map<string, { readonly user: string; refresh: string }>;
  /** Every access token ever given out, and every refresh token that was used: for which session. */
  readonly bearers: Map<string, string>;
  readonly spent: Map<string, string>;
  /** Spent by another password, whose answer does not wait for those who refresh at the same time. */
  readonly hasty: Set<string>;
  readonly links: Map<string, string>;
  readonly teams: Map<string, Team>;
  readonly leagues: Map<string, League>;
  readonly kept: Map<string, { readonly call: string; readonly status: number; readonly body: Input }>;
}

/** What ought to be answered. Of the body, what is named here. */
export interface Verdict {
  readonly status: number;
  readonly reason: string | null;
  readonly body: Input;
  readonly isReplayed?: boolean;
}

/** Done, with what the answer must say. */
export const done = (body: Input = {}, status = 200): Verdict => ({ status, reason: null, body });
/** Refused. */
export const no = (status: number, reason: string): Verdict => ({ status, reason, body: {} });

/** One procedure: judges, and plays it if it is done. What only the server can choose is taken from its answer. */
export type Judge = (game: Game, by: string, input: Input, said: Input, sid: string) => Verdict;

export const lockedOut = no(401, "auth.token_invalid");

export function userOf(game: Game, token: string | null): { user: string; sid: string } | null {
  const sid = token === null ? undefined : game.bearers.get(token);
  const session = sid === undefined ? undefined : game.sessions.get(sid);
  return session && sid !== undefined ? { user: session.user, sid } : null;
}

/** Every rule that a line-up breaks, in the order in which they are told. */
export function lineupFaults({ market }: Game, { driverIds, captainId }: Input): string[] {
  const named: string[] = [...new Set<string>(driverIds)];
  const known = named.flatMap((id) => market.get(id) ?? []);
  const cars = Map.groupBy(known, ({ constructor }) => constructor);
  return [
    ...(driverIds.length === 5 ? [] : ["lineup.wrong_size"]),
    ...named.filter((id) => driverIds.indexOf(id) !== driverIds.lastIndexOf(id)).map(() => "lineup.duplicate_driver"),
    ...named.filter((id) => !market.has(id)).map(() => "lineup.unknown_driver"),
    ...(known.reduce((sum, { price }) => sum + price, 0) > 1000 ? ["lineup.over_budget"] : []),
    ...[...cars.values()].filter((pair) => pair.length > 2).map(() => "lineup.too_many_of_constructor"),
    ...(driverIds.includes(captainId) ? [] : ["lineup.captain_not_in_lineup"]),
  ];
}
