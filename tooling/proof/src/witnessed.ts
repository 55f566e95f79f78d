import type { Db } from "@pitwall/db/database";
import { LEAK, LEAK_OF_ERRORS, TOKEN } from "@pitwall/testing/leak-patterns";
import type { Breach } from "./breach.ts";
import { fingerprint } from "./fingerprint.ts";
import { type Entry, journalBreaches } from "./journal.ts";

/** What a run has seen from outside, each list in the order in which it was seen. Moments are in milliseconds. */
export interface Witnessed {
  /** Answers that named a revision of a race, and who read them. */
  readonly reads?: readonly { readonly reader: string; readonly race: string; readonly revision: number }[];
  /** When the end of a session was answered, and when each request that got in with it was sent. */
  readonly sessions?: readonly { readonly session: string; readonly what: "ended" | "got in"; readonly at: number }[];
  readonly journal?: readonly Entry[];
  /** When the source of results was asked. */
  readonly calls?: readonly number[];
  /** Answers and lines of logs. Errors in a log may say where they happened; who signs in is given a token. */
  readonly said?: readonly { readonly where: string; readonly text: string; readonly is?: "error" | "sign-in" }[];
  /** What ended a process, or would have. */
  readonly unhandled?: readonly string[];
  /** Of a moment that this one must equal. */
  readonly fingerprint?: string;
  /** Of each process, once nobody asks anything any more. */
  readonly pools?: readonly { readonly where: string; readonly total: number; readonly idle: number }[];
}

export async function witnessedBreaches(db: Db, seen: Witnessed): Promise<Breach[]> {
  return [
    ...readsBackwards(seen.reads ?? []),
    ...afterTheEnd(seen.sessions ?? []),
    ...(await journalBreaches(db, seen.journal ?? [])),
    ...tooManyCalls(seen.calls ?? []),
    ...leaks(seen.said ?? []),
    ...(seen.unhandled ?? []).map((words): Breach => ({ invariant: "I15", words, where: "a process" })),
    ...(seen.fingerprint === undefined ? [] : otherThanBefore(seen.fingerprint, await fingerprint(db))),
    ...(seen.pools ?? []).flatMap(({ where, total, idle }) =>
      total === idle ? [] : [breach("I20", where, `${total - idle} of ${total} connections are not given back`)],
    ),
  ];
}

function readsBackwards(reads: NonNullable<Witnessed["reads"]>): Breach[] {
  const newest = new Map<string, number>();
  return reads.flatMap(({ reader, race, revision }) => {
    const key = JSON.stringify([reader, race]);
    const before = newest.get(key) ?? 0;
    newest.set(key, Math.max(before, revision));
    return revision < before ? [breach("I11", race, `${reader} saw revision ${revision} after ${before}`)] : [];
  });
}

function afterTheEnd(sessions: NonNullable<Witnessed["sessions"]>): Breach[] {
  const endedAt = new Map<string, number>();
  for (const { session, what, at } of sessions)
    if (what === "ended") endedAt.set(session, Math.min(at, endedAt.get(session) ?? at));
  return sessions.flatMap(({ session, what, at }) => {
    const late = at - (endedAt.get(session) ?? at);
    return what === "got in" && late > 0
      ? [breach("I12", `session ${session}`, `got in ${late} ms after its end`)]
      : [];
  });
}

const SECOND = 1000;
const LIMITS = [
  { most: 4, within: SECOND },
  { most: 60, within: 3600 * SECOND },
];

function tooManyCalls(calls: readonly number[]): Breach[] {
  const inOrder = calls.toSorted((a, b) => a - b);
  return LIMITS.flatMap(({ most, within }) => {
    const first = inOrder.find((at, nth) => (inOrder[nth + most] ?? Number.POSITIVE_INFINITY) - at < within);
    if (first === undefined) return [];
    return [
      breach("I14", "the source", `more than ${most} calls in ${within} ms, from ${new Date(first).toISOString()}`),
    ];
  });
}

function leaks(said: NonNullable<Witnessed["said"]>): Breach[] {
  return said.flatMap(({ where, text, is }) => {
    const leaked = text.match(is === "error" ? LEAK_OF_ERRORS : LEAK) ?? (is === "sign-in" ? null : text.match(TOKEN));
    return leaked ? [breach("I15", where, `says ${JSON.stringify(leaked[0])}`)] : [];
  });
}

function otherThanBefore(before: string, now: string): Breach[] {
  return before === now
    ? []
    : [breach("I17", "scores, totals and ranks", "are not what they were in the same state before")];
}

function breach(invariant: Breach["invariant"], where: string, words: string): Breach {
  return { invariant, where, words };
}
