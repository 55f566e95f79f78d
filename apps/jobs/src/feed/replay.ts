import type { RaceFacts, SeasonFacts } from "@pitwall/db/facts";
import type { Classification, SessionKind } from "@pitwall/domain/classifications";
import { HOUR } from "@pitwall/domain/durations";
import { flagDueAt } from "@pitwall/domain/races";
import { SCHEDULE } from "@pitwall/domain/schedule";
import { replayed, type Tempo } from "@pitwall/domain/tempo";
import { documentBody } from "./replay-body.ts";

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
  const races = facts.races.map((race) => {
    const { race: start, ...others } = race.sessions;
    const moved = Object.entries(others).map(([session, at]) => [session, replayed(at, tempo)]);
    return { ...race, sessions: { ...Object.fromEntries(moved), race: replayed(start, tempo) }, revisions: [] };
  });
  return { ...facts, races };
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

/** What Jolpica would answer to this path (with its query) at this moment, for the documents of one race. */
export function replayedAnswer(path: string, { facts, calendar, at }: Replay): WireAnswer {
  const { pathname, searchParams } = new URL(path, "https://api.jolpi.ca");
  if ([...searchParams.keys()].some((name) => name.toLowerCase().includes("cache"))) return FORBIDDEN;
  const [, season, round, document, ending] =
    /^\/ergast\/f1\/(\d{4})\/(\d{1,2})\/([a-z]+)(\.json|\/?)$/.exec(pathname) ?? [];
  const session = SESSIONS[document ?? ""];
  if (season === undefined || round === undefined || session === undefined) return NOT_FOUND;
  if (ending === "")
    return { status: 301, headers: { location: `${pathname}/`, "content-type": "text/html" }, body: "" };

  const race = season === String(facts.season) ? facts.races.find((one) => one.round === Number(round)) : undefined;
  const cars = race && classificationAt(race, calendar, at)?.[session];
  const url = `https://api.jolpi.ca${pathname.toLowerCase()}`;
  const page = { url, limit: limitOf(searchParams.get("limit")) };
  const body = documentBody({ facts, season, round, session, race: race ?? null, cars: cars ?? [], ...page });
  return { status: 200, headers: { "content-type": "application/json", "cache-control": "max-age=3600" }, body };
}

function limitOf(asked: string | null): number {
  const limit = Number(asked);
  return Number.isSafeInteger(limit) && limit > 0 ? Math.min(limit, 100) : 30;
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
