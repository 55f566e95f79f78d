import type { RaceFacts, SeasonFacts } from "@pitwall/db/facts";
import type { Classification, SessionKind } from "@pitwall/domain/classifications";
import { HOUR, SECOND } from "@pitwall/domain/durations";
import { flagDueAt, type SessionTimes } from "@pitwall/domain/races";
import { SCHEDULE } from "@pitwall/domain/schedule";
import { replayed, type Tempo } from "@pitwall/domain/tempo";
import { documentBody } from "./replay-body.ts";
import { listBody, type SeasonList } from "./replay-season.ts";

export interface ReplayedRace {
  readonly flagAt: Date;
  /** How long an hour of the source lasts, in milliseconds. */
  readonly hour: number;
}

/** When each race is run, by slug; one that is not in it never is. */
export type ReplayCalendar = ReadonlyMap<string, ReplayedRace>;

/** The calendar of history: every race at its own time, every hour an hour. */
export function historicalCalendar(facts: SeasonFacts): ReplayCalendar {
  return new Map(
    facts.races.map(({ slug, sessions }) => [slug, { flagAt: flagDueAt(sessions, SCHEDULE), hour: HOUR }]),
  );
}

/** The calendar of history in fast motion. */
export function replayCalendar(facts: SeasonFacts, tempo: Tempo): ReplayCalendar {
  return new Map(
    facts.races.map(({ slug, sessions }) => [
      slug,
      { flagAt: replayed(flagDueAt(sessions, SCHEDULE), tempo), hour: tempo.hour },
    ]),
  );
}

/** The season as a game in fast motion begins it: every session moved, no result known yet. */
export function replayedSeason(facts: SeasonFacts, tempo: Tempo): SeasonFacts {
  const races = facts.races.map((race) => ({
    ...race,
    sessions: replayedSessions(race.sessions, tempo),
    revisions: [],
  }));
  return { ...facts, races };
}

function replayedSessions({ race: start, ...others }: SessionTimes, tempo: Tempo): SessionTimes {
  const moved = Object.entries(others).map(([session, at]) => [session, replayed(at, tempo)]);
  return { ...Object.fromEntries(moved), race: replayed(start, tempo) };
}

/** What the source shows of a race at a moment: its newest revision that is published by then. */
export function classificationAt(race: RaceFacts, calendar: ReplayCalendar, at: Date): Classification | null {
  const run = calendar.get(race.slug);
  if (!run) return null;
  const published = race.revisions.filter(
    ({ hoursAfterFlag }) => run.flagAt.getTime() + hoursAfterFlag * run.hour <= at.getTime(),
  );
  return published.at(-1)?.classification ?? null;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Replay {
  readonly facts: SeasonFacts;
  readonly calendar: ReplayCalendar;
  readonly at: Date;
}

const SESSIONS: Readonly<Record<string, SessionKind>> = { results: "race", sprint: "sprint", qualifying: "qualifying" };

const LISTS: Readonly<Record<string, SeasonList>> = { "": "races", constructors: "constructors", drivers: "drivers" };

/** What Jolpica would answer to this path (with its query) at this moment, for a season's lists and the documents of one race. */
export function replayedAnswer(path: string, { facts, calendar, at }: Replay): WireAnswer {
  const { pathname, searchParams } = new URL(path, "https://api.jolpi.ca");
  if ([...searchParams.keys()].some((name) => name.toLowerCase().includes("cache"))) return FORBIDDEN;
  const [, season, round, document = "", ending] =
    /^\/ergast\/f1\/(\d{4})(?:\/(\d{1,2}))?(?:\/([a-z]+))?(\.json|\/?)$/.exec(pathname) ?? [];
  const list = round === undefined ? LISTS[document] : undefined;
  const session = SESSIONS[document];
  if (season === undefined) return NOT_FOUND;
  if (ending === "")
    return { status: 301, headers: { location: `${pathname}/`, "content-type": "text/html" }, body: "" };

  const url = `https://api.jolpi.ca${pathname.toLowerCase()}`;
  const limit = wholeOf(searchParams.get("limit"), { least: 1, most: 100, otherwise: 30 });
  if (list !== undefined) {
    const offset = wholeOf(searchParams.get("offset"), { least: 0, most: Number.MAX_SAFE_INTEGER, otherwise: 0 });
    return answered(listBody({ facts: runIn(calendar, facts), season, list, url, limit, offset }), HOUR);
  }
  if (round === undefined || session === undefined) return NOT_FOUND;
  const race = season === String(facts.season) ? facts.races.find((one) => one.round === Number(round)) : undefined;
  const cars = (race && classificationAt(race, calendar, at)?.[session]) ?? [];
  const hour = calendar.get(race?.slug ?? "")?.hour ?? HOUR;
  return answered(documentBody({ facts, season, round, session, race: race ?? null, cars, url, limit }), hour);
}

/** The source keeps every answer for an hour. */
function answered(body: string, hour: number): WireAnswer {
  const headers = { "content-type": "application/json", "cache-control": `max-age=${Math.floor(hour / SECOND)}` };
  return { status: 200, headers, body };
}

/** The season at the times at which its races are run. */
function runIn(calendar: ReplayCalendar, facts: SeasonFacts): SeasonFacts {
  const races = facts.races.map((race) => {
    const run = calendar.get(race.slug);
    if (!run) return race;
    const tempo = { from: flagDueAt(race.sessions, SCHEDULE), to: run.flagAt, hour: run.hour };
    return { ...race, sessions: replayedSessions(race.sessions, tempo) };
  });
  return { ...facts, races };
}

function wholeOf(
  asked: string | null,
  { least, most, otherwise }: Record<"least" | "most" | "otherwise", number>,
): number {
  const number = asked === null ? otherwise : Number(asked);
  return Number.isSafeInteger(number) && number >= least ? Math.min(number, most) : otherwise;
}

const FORBIDDEN: WireAnswer = {
  status: 403,
  headers: { "content-type": "text/html" },
  body: "Please be considerate of other API users and do not avoid caches.",
};

const NOT_FOUND: WireAnswer = {
  status: 404,
  headers: { "content-type": "text/html" },
  body: "<!doctype html><title>Not Found</title><h1>Not Found</h1>",
};
