import type { ClassifiedCar, SessionKind } from "@pitwall/domain/classifications";
import { SECOND } from "@pitwall/domain/durations";
import type { Answer } from "@pitwall/services/results/answers";
import { readDocument } from "./jolpica-body.ts";
import { get } from "./outbound.ts";
import { oneAtATime, pauseAfter } from "./pacing.ts";
import type { AskedRace, ResultSource } from "./source.ts";

export interface JolpicaOptions {
  /** Up to and with `/ergast/f1`, without a slash at the end. */
  readonly baseUrl: string;
  /** Says who asks and how to reach them. */
  readonly userAgent: string;
  /** For one request, in milliseconds. */
  readonly timeout?: number;
  /** Between the starts of two requests, in milliseconds. */
  readonly gap?: number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

const DOCUMENTS = { race: "results", sprint: "sprint", qualifying: "qualifying" } as const satisfies Record<
  SessionKind,
  string
>;

/** The Ergast-compatible API, run by volunteers: one request at a time, two a second at most, silence when it asks for it. */
export function jolpica(options: JolpicaOptions): ResultSource {
  const { baseUrl, userAgent, timeout = 10 * SECOND, gap = SECOND / 2, now = Date.now } = options;
  const inTurn = oneAtATime(gap);
  let refusals = 0;
  let silentUntil = 0;

  return { name: "jolpica", classificationOf };

  async function classificationOf(race: AskedRace): Promise<Answer> {
    const sessions = (["race", "sprint", "qualifying"] as const).filter(
      (session) => session === "race" || race.sessions.includes(session),
    );
    const cars = new Map<SessionKind, ClassifiedCar[]>();
    const bodies = new Map<SessionKind, string>();
    for (const session of sessions) {
      const body = await inTurn(() => documentOf(race, session));
      if (typeof body !== "string") return body;
      bodies.set(session, body);
      const reading = readDocument(body, race, session);
      // Half a weekend is not yet a result: what is asked for is what scores.
      if (reading.kind === "none_yet") return reading;
      if (reading.kind === "unreadable") return { ...reading, body: wordForWord(bodies) };
      cars.set(session, reading.cars);
    }
    const [raced, sprint, qualifying] = [cars.get("race"), cars.get("sprint"), cars.get("qualifying")];
    const classification = { race: raced ?? [], ...(sprint && { sprint }), ...(qualifying && { qualifying }) };
    return { kind: "classification", classification, body: wordForWord(bodies) };
  }

  async function documentOf(
    race: AskedRace,
    session: SessionKind,
  ): Promise<string | Extract<Answer, { kind: "failed" }>> {
    const silentFor = silentUntil - now();
    if (silentFor > 0) return { kind: "failed", reason: "The source asked for a pause.", retryAfterMs: silentFor };
    // One spelling always: the source caches by the exact address.
    const url = `${baseUrl}/${race.season}/${race.round}/${DOCUMENTS[session]}.json?limit=100`;
    const outcome = await get(url, { userAgent, timeout });
    if (outcome.kind === "failed") return outcome;
    if (outcome.status === 429) {
      refusals += 1;
      const retryAfterMs = pauseAfter(refusals, outcome.retryAfter, now());
      silentUntil = now() + retryAfterMs;
      return { kind: "failed", reason: "The source answered 429: too many requests.", retryAfterMs };
    }
    refusals = 0;
    return outcome.status === 200 ? outcome.body : { kind: "failed", reason: `The source answered ${outcome.status}.` };
  }
}

/** One document as it came; several as the fields of one. */
function wordForWord(bodies: ReadonlyMap<SessionKind, string>): string {
  const [first, ...others] = bodies.values();
  if (first !== undefined && others.length === 0) return first;
  return `{${[...bodies].map(([session, body]) => `${JSON.stringify(session)}:${body}`).join(",")}}`;
}
