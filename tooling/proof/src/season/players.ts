import type { Chance } from "../chance.ts";
import type { Act, Lineup } from "./acts.ts";
import { type Book, type BookedTeam, verdictOn } from "./book.ts";
import type { Market, Offer } from "./market.ts";

/** Somebody's next act, and what must become of it: "done", or the reason of a refusal. */
export interface Drawn {
  readonly act: Act;
  readonly verdict: string;
}

const NAMES = ["ada", "ben", "cleo", "dag", "eve", "finn", "gus", "hana"];
const BUDGET = 1000;

/** Null where nobody can do what chance would have them do. */
export function drawPlayer(book: Book, market: Market, chance: Chance): Drawn | null {
  const newcomer = NAMES.find((name) => !book.players.has(name) && !isGone(book, name));
  const who = chance.of(idle(book)) ?? chance.of([...book.players]);
  if (who === undefined || (newcomer && chance.happens(idle(book).length === 0 && book.players.size < 4 ? 0.6 : 0.05)))
    return newcomer ? { act: { kind: "arrive", who: newcomer }, verdict: "done" } : null;
  const mine = teamsOf(book, who);
  if (mine.length === 0 || chance.happens(0.1)) return enter(book, market, chance, who, mine);
  const draw = chance.of([save, save, save, save, found, found, join, join, join, join, quit, quit, withdraw, leave]);
  return draw?.(book, market, chance, who, mine) ?? null;
}

/** Who is there and has no team yet. */
function idle(book: Book): string[] {
  return [...book.players].filter((who) => teamsOf(book, who).length === 0);
}

/** Names are used once. */
function isGone(book: Book, name: string): boolean {
  return [...book.teams.values()].some(({ owner }) => owner === name);
}

function teamsOf(book: Book, who: string): BookedTeam[] {
  return [...book.teams.values()].filter(({ owner, removedAt }) => owner === who && removedAt === null);
}

type Draw = (book: Book, market: Market, chance: Chance, who: string, mine: readonly BookedTeam[]) => Drawn | null;

const enter: Draw = (book, market, chance, who, mine) => {
  const picked = draftOf(market, chance);
  if (!picked) return null;
  const act = { kind: "enter", who, team: `${who} ${count(book, who) + 1}`, ...picked.lineup } as const;
  if (market.race === null) return { act, verdict: "season.no_open_race" };
  if (picked.fault === "none" && mine.length >= 5) return { act, verdict: "team.too_many" };
  return { act, verdict: picked.fault === "none" ? "done" : "lineup.breaks_rules" };
};

function count(book: Book, who: string): number {
  return [...book.teams.values()].filter(({ owner }) => owner === who).length;
}

const save: Draw = (book, market, chance, who, mine) => {
  const isThief = chance.happens(0.08);
  const others = [...book.teams.values()].filter(({ owner, removedAt }) => owner !== who && removedAt === null);
  const team = isThief ? chance.of(others) : chance.of(mine);
  const picked = draftOf(market, chance);
  if (!team || !picked) return null;
  const isStale = chance.happens(0.12);
  const version = isStale ? team.version + (chance.happens(0.5) ? 1 : -1) : team.version;
  const act = { kind: "save", who, team: team.name, version, ...picked.lineup } as const;
  if (isThief) return { act, verdict: "team.not_yours" };
  if (market.race === null) return { act, verdict: "season.no_open_race" };
  if (picked.fault !== "none") return { act, verdict: "lineup.breaks_rules" };
  return { act, verdict: isStale ? "team.version_stale" : "done" };
};

const found: Draw = (book, _market, chance, who, mine) => {
  const team = chance.of(mine);
  if (!team || book.leagues.size >= 3) return null;
  return judged(book, {
    kind: "found",
    who,
    league: `league ${book.leagues.size + 1} of ${who}, ${count(book, who)}${chance.below(1e6)}`,
    seats: 2 + chance.below(2),
    team: team.name,
  });
};

const join: Draw = (book, _market, chance, who, mine) => {
  const league = chance.of([...book.leagues.keys()]);
  const foreign = [...book.teams.values()].filter(({ owner }) => owner !== who);
  const team = chance.happens(0.1) ? chance.of(foreign) : chance.of(mine);
  return league && team ? judged(book, { kind: "join", who, league, team: team.name }) : null;
};

const quit: Draw = (book, _market, chance, who) => {
  const own = [...book.leagues.values()].filter(({ members }) => members.has(who)).map(({ name }) => name);
  const league = chance.happens(0.8) ? chance.of(own) : chance.of([...book.leagues.keys()]);
  return league ? judged(book, { kind: "quit", who, league }) : null;
};

const withdraw: Draw = (book, _market, chance, who, mine) => {
  const team = chance.happens(0.4) ? chance.of(mine) : undefined;
  return team ? judged(book, { kind: "withdraw", who, team: team.name }) : null;
};

const leave: Draw = (book, _market, chance, who) => (chance.happens(0.3) ? judged(book, { kind: "leave", who }) : null);

function judged(book: Book, act: Act): Drawn {
  return { act, verdict: verdictOn(book, act) };
}

type Fault = "none" | "too dear" | "one twice" | "a foreign captain" | "six" | "three of a team" | "somebody benched";

const CHEATS: readonly Fault[] = [
  "too dear",
  "one twice",
  "a foreign captain",
  "six",
  "three of a team",
  "somebody benched",
];

/** A line-up that is allowed, or one that breaks exactly one rule, as whoever draws it reckons. */
function draftOf({ offers, benched }: Market, chance: Chance): { lineup: Lineup; fault: Fault } | null {
  const fault = chance.happens(0.25) ? (chance.of(CHEATS) ?? "none") : "none";
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const five = chance.shuffled(offers).slice(0, 5);
    const captain = chance.of(five);
    if (!captain || five.length < 5) return null;
    const fair = { driverIds: five.map(({ driverId }) => driverId), captainId: captain.driverId };
    const isCheap = costOf(five) <= BUDGET;
    const isSpread = mostOfATeam(five) <= 2;
    const gone = chance.of(benched);
    if (isCheap !== (fault === "too dear") && isSpread !== (fault === "three of a team")) {
      const [first = "", second = "", ...rest] = fair.driverIds;
      const sixth = offers.find(({ driverId }) => !fair.driverIds.includes(driverId))?.driverId ?? "";
      const lineups: Record<Fault, Lineup | null> = {
        ...{ none: fair, "too dear": fair, "three of a team": fair },
        "one twice": { driverIds: [first, first, ...rest], captainId: first },
        "a foreign captain": { ...fair, captainId: sixth },
        six: { ...fair, driverIds: [...fair.driverIds, sixth] },
        "somebody benched": gone === undefined ? null : { driverIds: [gone, second, ...rest], captainId: second },
      };
      const lineup = lineups[fault];
      return lineup ? { lineup, fault } : { lineup: fair, fault: "none" };
    }
  }
  return null;
}

function costOf(picks: readonly Offer[]): number {
  return picks.reduce((sum, { price }) => sum + price, 0);
}

function mostOfATeam(picks: readonly Offer[]): number {
  const teams = picks.map(({ constructorId }) => constructorId);
  return Math.max(...teams.map((team) => teams.filter((other) => other === team).length));
}
