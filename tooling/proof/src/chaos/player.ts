import { setTimeout as wait } from "node:timers/promises";
import { createPitwall, PitwallError } from "@pitwall/client";
import type { Chance } from "../chance.ts";
import type { Entry } from "../journal.ts";
import type { Witnessed } from "../witnessed.ts";
import { balanced, type Door, type Tally } from "./balancer.ts";
import { SEASON, type Weekend } from "./season.ts";
import { isUnanswered, overRest, reasonOf, tokensOf, typed } from "./voices.ts";

/** All that clients have seen of a run. */
export interface Seen {
  readonly tally: Tally;
  readonly journal: Entry[];
  readonly reads: NonNullable<Witnessed["reads"]>[number][];
  readonly sessions: NonNullable<Witnessed["sessions"]>[number][];
  /** Locks of the rush: how many were saved, and how many came too late. */
  readonly rush: { saved: number; late: number };
}

export interface Game {
  readonly doors: readonly Door[];
  readonly weekends: readonly Weekend[];
  readonly chance: Chance;
  readonly seen: Seen;
  /** Between two calls of one player, in milliseconds. */
  readonly pace: number;
  readonly isOver: () => boolean;
}

const PASSWORD = "Correct-Horse-7";
const RUSH = 1_500;
/** Fewer than anybody may sign in. */
const MOST_SESSIONS = 6;

interface Offer {
  readonly id: string;
  readonly price: number;
  readonly constructorId: string | null;
}

/** Plays until it is over: through the typed client or, every other one, over REST; both sign each write with a key. */
export async function play(game: Game, nth: number): Promise<void> {
  const { doors, chance, seen, weekends } = game;
  const username = `chaos_player_${nth}`;
  const fates = new Map<string, Entry["fate"]>();
  const onKeyed = (key: string, fate: Entry["fate"]) => {
    if (fates.get(key) !== "acknowledged") fates.set(key, fate);
  };
  const send = balanced(doors, `198.51.100.${nth + 1}`, seen.tally, chance, onKeyed);
  const tokens = tokensOf();
  const pitwall = createPitwall({ url: doors[0]?.url ?? "", fetch: send, tokens });
  const say = nth % 2 === 0 ? typed(pitwall) : overRest(tokens, send);

  await until(() =>
    pitwall.auth.register.mutate({ username, email: `${username}@example.org`, password: PASSWORD }).catch(orLogin),
  );
  seen.journal.push({ kind: "user", username, fate: "acknowledged" });
  let offers: Offer[] = [];
  const entered = await until(async () => {
    offers = await entries();
    const mine = await pitwall.teams.mine.query({ season: SEASON });
    const name = `Chaos ${nth}`;
    return mine.items[0] ?? pitwall.teams.create.mutate({ season: SEASON, name, ...five(offers, chance) });
  }, game.isOver);
  // Whoever comes after the last lock has nothing to enter for.
  if (!entered) return;
  const team = entered;
  seen.journal.push({ kind: "team", owner: username, name: `Chaos ${nth}`, fate: "acknowledged" });
  let { version } = team;
  let sessions = 0;
  let leagues = 0;

  while (!game.isOver()) {
    const untilLock = Math.min(...weekends.map(({ lockAt }) => Math.abs(lockAt.getTime() - Date.now())));
    const isRush = untilLock < RUSH;
    const draw = isRush ? 0 : chance.next();
    try {
      if (draw < 0.3) await save(isRush);
      else if (draw < 0.38) await say.profile(`Player ${nth} ${chance.next()}`);
      else if (draw < 0.42 && leagues < 4) await found();
      else if (draw < 0.46 && sessions < MOST_SESSIONS) await signInAndOut();
      else await read();
    } catch (error) {
      if (!isUnanswered(error) && !FORESEEN.has(reasonOf(error)))
        seen.tally.wrongs.push(`${username} ${REFUSED} ${reasonOf(error)} ${String(error)}`);
    }
    await wait(chance.around(isRush ? 120 : game.pace));
  }
  // What was refused leaves no key; what nobody answered may have been done.
  for (const [key, fate] of fates) seen.journal.push({ kind: "key", owner: username, key, fate });

  /** Whom the next race lists: races differ, so what was read before a lock may be wrong after it. */
  async function entries(): Promise<Offer[]> {
    const { items } = await pitwall.drivers.list.query({ season: SEASON, status: "entered" });
    return items.map(({ id, price, constructorId }) => ({ id, price: price ?? 100, constructorId }));
  }

  function orLogin(error: unknown) {
    if (!(error instanceof PitwallError) || error.reason !== "auth.username_taken") throw error;
    return pitwall.auth.login.mutate({ login: username, password: PASSWORD });
  }

  async function save(isRush: boolean): Promise<void> {
    const wanted = five(offers, chance);
    const next = { kind: "lineup", team: team.id, version: version + 1, captain: wanted.captainId } as const;
    try {
      ({ version } = await say.lineup({ id: team.id, ...wanted, version }));
      seen.journal.push({ ...next, version, fate: "acknowledged" });
      if (isRush) seen.rush.saved += 1;
    } catch (error) {
      if (isUnanswered(error)) seen.journal.push({ ...next, fate: "unknown" });
      else if (isRush) seen.rush.late += 1;
      // Read, then decide.
      const mine = await until(() => pitwall.teams.byId.query({ id: team.id }));
      version = mine.version;
      if (reasonOf(error) !== "lineup.breaks_rules") throw error;
      offers = await until(entries);
      const chosen = offers.filter(({ id }) => wanted.driverIds.includes(id));
      if (chosen.length === DRIVERS && isWithinRules(chosen)) throw error;
    }
  }

  async function found(): Promise<void> {
    leagues += 1;
    const name = `Chaos ${nth} ${leagues}`;
    const entry = { kind: "league", owner: username, name } as const;
    try {
      const { id } = await say.league({ season: SEASON, name, isPrivate: false, teamId: team.id });
      seen.journal.push({ ...entry, fate: "acknowledged" });
      seen.journal.push({ kind: "seat", league: id, team: team.id, fate: "acknowledged" });
    } catch (error) {
      seen.journal.push({ ...entry, fate: isUnanswered(error) ? "unknown" : "refused" });
      throw error;
    }
  }

  async function signInAndOut(): Promise<void> {
    sessions += 1;
    const other = createPitwall({ url: doors[0]?.url ?? "", fetch: send, retries: 0 });
    const { accessToken } = await other.auth.login.mutate({ login: username, password: PASSWORD });
    const session = `${username} ${sessions}`;
    const ask = async (method: string, path: string) => {
      const at = Date.now();
      const headers = { authorization: `Bearer ${accessToken}` };
      const answer = await send(`${doors[0]?.url}/api/v1${path}`, { method, headers });
      return { at, isIn: answer.ok };
    };
    const end = await ask("POST", "/auth/logout");
    if (!end.isIn) return;
    seen.sessions.push({ session, what: "ended", at: Date.now() });
    for (let times = 0; times < 6; times += 1) {
      const { at, isIn } = await ask("GET", "/auth/me").catch(() => ({ at: 0, isIn: false }));
      // By a clock of whole milliseconds both may be one.
      if (isIn) seen.sessions.push({ session, what: "got in", at: at + 1 });
    }
  }

  async function read(): Promise<void> {
    const { slug } = chance.one(weekends);
    const race = `${SEASON} ${slug}`;
    const saw = (revision: number | null | undefined) => {
      if (typeof revision === "number") seen.reads.push({ reader: username, race, revision });
    };
    switch (Math.floor(chance.next() * 6)) {
      case 0:
        return saw((await say.race(slug)).result.revision);
      case 1:
        return saw((await pitwall.results.revisions.query({ season: SEASON, slug })).items.at(-1)?.revision);
      case 2:
        return void (await pitwall.standings.global.query({ season: SEASON }));
      case 3:
        return void (await pitwall.notifications.list.query({}));
      case 4:
        return void (await pitwall.teams.mine.query({ season: SEASON }));
      default:
        return saw((await say.race(slug)).result.revision);
    }
  }
}

export const REFUSED = "was refused:";

/** What a player hears who comes too late, too early, or twice. */
const FORESEEN = new Set([
  // Sixty line-ups a minute.
  "request.rate_limited",
  ...["lineup.locked", "season.no_open_race", "team.version_stale", "result.none_yet", "idempotency.in_progress"],
  // A sign-in that was renewed while nobody heard of it is over: the typed client says so, and one signs in again.
  ...["auth.token_invalid", "auth.refresh_raced"],
]);

const PATIENCE = 200;

/** Again until it is answered, or there is no more time for it. */
async function until<T>(work: () => Promise<T>): Promise<T>;
async function until<T>(work: () => Promise<T>, isOver: () => boolean): Promise<T | undefined>;
async function until<T>(work: () => Promise<T>, isOver = () => false): Promise<T | undefined> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isUnanswered(error) && !FORESEEN.has(reasonOf(error))) throw error;
      if (isOver()) return undefined;
      await wait(PATIENCE);
    }
  }
}

const DRIVERS = 5;
const BUDGET = 100;
const MOST_OF_ONE = 2;

function isWithinRules(chosen: readonly Offer[]): boolean {
  const cost = chosen.reduce((sum, { price }) => sum + price, 0);
  const cars = Map.groupBy(chosen, ({ constructorId }) => constructorId);
  return cost <= BUDGET && [...cars.values()].every((drivers) => drivers.length <= MOST_OF_ONE);
}

/** A line-up within the rules; the first is captain. */
function five(offers: readonly Offer[], chance: Chance): { driverIds: string[]; captainId: string } {
  for (;;) {
    const drawn = new Map<string, Offer>();
    while (drawn.size < DRIVERS) {
      const offer = chance.one(offers);
      drawn.set(offer.id, offer);
    }
    const chosen = [...drawn.values()];
    if (!isWithinRules(chosen)) continue;
    const [captain] = chosen;
    return { driverIds: chosen.map(({ id }) => id), captainId: captain?.id ?? "" };
  }
}
