import { accounts } from "./accounts.ts";
import { type Answer, type Ask, type Game, type Input, lockedOut, no, userOf, type Verdict } from "./game.ts";
import { leagues } from "./leagues.ts";
import { teams } from "./teams.ts";

const RULES = { ...accounts, ...teams, ...leagues };

/** Proves who somebody is: a token that comes along says nothing. */
const OPEN = new Set(["auth.register", "auth.login", "auth.refresh", "auth.resetPassword"]);
const PUBLIC = new Set(["teams.byId", "teams.lineup", "leagues.byId", "leagues.list", "leagues.members"]);
const READS = new Set(["teams.list", "teams.lineups", "leagues.bans", ...PUBLIC]);
const VERSIONED = /^(teams\.(setLineup|rename|remove)|leagues\.(update|remove|renewCode|transfer))$/;

/** What ought to be answered, and the game as it is then. */
export function judge(game: Game, ask: Ask, said: Input): Verdict {
  const { procedure, token, ifMatch, door } = ask;
  const asked = { ...ask.input };
  if (ifMatch !== null && door === "rest" && !READS.has(procedure)) {
    const isNoneOf = !VERSIONED.test(procedure) || (asked.version !== undefined && asked.version !== ifMatch);
    if (isNoneOf) return no(412, "precondition.failed");
    asked.version = ifMatch;
  }
  const rule = RULES[procedure];
  if (!rule) throw new Error(`the model knows no ${procedure}`);
  if (OPEN.has(procedure)) return rule(game, "", asked, said, "");
  const speaker = userOf(game, token);
  if (token !== null && !speaker) return lockedOut;
  const needsOne = !PUBLIC.has(procedure) || asked.mine === true;
  if (!speaker && needsOne) return no(401, "auth.required");
  const play = () => rule(game, speaker?.user ?? "", asked, said, speaker?.sid ?? "");
  const verdict = keyed(game, { ...ask, input: asked }, speaker?.user ?? "", play);
  const isStale = verdict.reason?.endsWith(".version_stale") && ifMatch !== null && door === "rest";
  return isStale ? no(412, "precondition.failed") : verdict;
}

/** The same key means the same call, which is done once. */
function keyed(game: Game, { key, procedure, input }: Ask, user: string, play: () => Verdict): Verdict {
  if (key === null || READS.has(procedure) || procedure.startsWith("auth.")) return play();
  const call = JSON.stringify([procedure, Object.entries(input).toSorted(([a], [b]) => (a < b ? -1 : 1))]);
  const earlier = game.kept.get(`${user} ${key}`);
  if (earlier) {
    if (earlier.call !== call) return no(422, "idempotency.key_reused");
    return { status: earlier.status, reason: null, body: earlier.body, isReplayed: true };
  }
  const verdict = play();
  if (verdict.reason === null) game.kept.set(`${user} ${key}`, { call, status: verdict.status, body: verdict.body });
  return verdict;
}

/** How an answer is other than it ought to be, or null. */
export function difference(verdict: Verdict, answer: Answer): string | null {
  if (verdict.reason !== answer.reason || verdict.status !== answer.status)
    return `${inWords(answer)} instead of ${inWords(verdict)}`;
  if ((verdict.isReplayed ?? false) !== answer.isReplayed) return answer.isReplayed ? "replayed" : "not replayed";
  const field = otherField(verdict.body, answer.body, "");
  return field === null
    ? null
    : `${field} is other: ${JSON.stringify(answer.body)} instead of ${JSON.stringify(verdict.body)}`;
}

const inWords = ({ status, reason }: Verdict) => `${status} ${reason ?? "done"}`;

/** Lists are compared without regard to their order. */
function otherField(wanted: unknown, found: unknown, at: string): string | null {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(found) || found.length !== wanted.length) return at;
    return wanted.every((one) => found.some((other) => otherField(one, other, at) === null)) ? null : at;
  }
  if (typeof wanted !== "object" || wanted === null) return wanted === found ? null : at;
  if (typeof found !== "object" || found === null) return at;
  for (const [field, value] of Object.entries(wanted)) {
    const other = otherField(value, Reflect.get(found, field), `${at}.${field}`);
    if (other !== null) return other;
  }
  return null;
}

/** What may be said of those who ask at the same time, though nobody would say it of one after the other. */
const CROSSED = new Set(["auth.refresh_raced", "lineup.locked", "auth.too_many_attempts"]);
/** Who was let in may find the session ended by what came after; to end it once more is no other thing. */
const ENDED_MEANWHILE = /^auth\.(logout|logoutAll) null$|(auth\.(session_over|wrong_password)|session\.not_found)$/;

function fits(game: Game, ask: Ask, answer: Answer): boolean {
  if (answer.reason !== null && CROSSED.has(answer.reason)) return true;
  const verdict = judge(game, ask, answer.body);
  if (verdict === lockedOut && ENDED_MEANWHILE.test(`${ask.procedure} ${answer.reason}`)) return true;
  // Of two who use a spent token at once, each may be the one who ends the session.
  if (verdict.reason === "auth.session_over" && answer.reason === "auth.refresh_reused") return true;
  // How many there are in all is counted a moment after the page is read.
  const { total: _total, ...body } = verdict.body;
  return difference({ ...verdict, body }, answer) === null;
}

/** What was asked and answered; null is a race that locks. */
export type Event = { readonly ask: Ask; readonly answer: Answer } | null;

/** The game as an order of the events leaves it that explains every answer, and is what the tables hold. Null if none is. */
export function explained(game: Game, events: readonly Event[], isTrue: (game: Game) => boolean): Game | null {
  if (events.length === 0) return isTrue(game) ? game : null;
  for (const [at, event] of events.entries()) {
    const next = structuredClone(game);
    if (event === null) next.locked += 1;
    else if (!fits(next, event.ask, event.answer)) continue;
    const after = explained(next, events.toSpliced(at, 1), isTrue);
    if (after) return after;
  }
  return null;
}
