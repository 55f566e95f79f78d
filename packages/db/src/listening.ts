import { randomUUID } from "node:crypto";
import { setImmediate as turn, setTimeout as wait } from "node:timers/promises";
import type { Db } from "./database.ts";
import { type Line, type Notification, openLine } from "./line.ts";
import { createQuestions } from "./questions.ts";

export interface Hearer {
  onWord(word: string): void;
  /** Words may have been missed. */
  onGap(): void;
}

/** Hears what is said on one channel of the database, by other processes, scripts and triggers. */
export interface Listening {
  /** Holds only while whatever was committed a lease ago or earlier has been heard. */
  readonly isHearing: boolean;
  hear(hearer: Hearer): void;
  /**
   * Says a word to everybody, and settles once nobody goes by what was before: each has heard it, or `isHearing` no more.
   * Answers how many did not say that they heard. To be called after the commit that it speaks of; no space in the word.
   */
  tell(db: Db, word: string): Promise<number>;
  /** Calling it again is harmless. */
  close(): Promise<void>;
}

export interface ListeningOptions {
  readonly url: string;
  readonly channel: string;
  /** Told once when nothing can be heard, until something is heard again. */
  readonly onOutage?: (error: unknown) => void;
}

/** For how long, in milliseconds, a process trusts that it hears everything since it was last certain. */
const LEASE = 1_500;
const PULSE = 500;
/** By how much timers and the clocks of two machines may be off. */
const MARGIN = 50;
const FIRST_REST = 100;
const LONGEST_REST = 10_000;
const GOODBYE = 500;

/** `steady` stands still while a machine sleeps, and `wall` may be put back. */
interface Moment {
  readonly steady: number;
  readonly wall: number;
}

/**
 * PostgreSQL hands out notifications in the order of their commits. Whoever hears a pulse of its own has therefore heard all
 * that was committed before the pulse left, and goes by that until the lease is over. Connects, and connects anew, by itself.
 */
export function openListening({ url, channel, onOutage }: ListeningOptions): Listening {
  const own = `${channel}_${randomUUID().replaceAll("-", "")}`;
  const name = `${channel} listener`;
  const hearers: Hearer[] = [];
  const closing = new AbortController();
  let line: Line | null = null;
  let pulse: { readonly nonce: string; readonly at: Moment } | null = null;
  let heardAt: Moment | null = null;
  let brokeAt: Moment | null = null;
  let failures = 0;

  const questions = createQuestions({
    channel,
    own,
    name,
    ownPid: () => line?.pid,
    // What broke our line may have broken another's, which then is in no list and trusts its lease all the same.
    isListWhole: () => brokeAt === null || since(brokeAt) >= LEASE,
    patience: LEASE + MARGIN,
  });

  const isHearing = () => heardAt !== null && line?.over.aborted === false && since(heardAt) < LEASE;

  function onNotification(current: Line, heard: Notification): void {
    if (heard.channel === own) {
      if (heard.text === pulse?.nonce) feel(pulse.at);
      else questions.answeredBy(heard.text, heard.pid);
      return;
    }
    const [word = "", asker, nonce] = heard.text.split(" ");
    if (asker === own) return;
    for (const hearer of hearers) hearer.onWord(word);
    if (asker && nonce) current.notify(asker, nonce);
  }

  function feel(at: Moment): void {
    if (!isHearing()) forget();
    heardAt = at;
    pulse = null;
    failures = 0;
  }

  function forget(): void {
    for (const hearer of hearers) hearer.onGap();
  }

  async function keepListening(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        line = await openLine({ url, name, channels: [channel, own], onNotification });
        await keepBeating(line);
      } catch (error) {
        if (failures === 0 && !closing.signal.aborted) onOutage?.(error);
      }
      if (closing.signal.aborted) await Promise.race([line?.end(), wait(GOODBYE, undefined, { ref: false })]);
      hangUp();
      await rest(Math.min(FIRST_REST * 2 ** failures, LONGEST_REST) * (0.5 + Math.random() / 2), closing.signal);
      failures += 1;
    }
  }

  async function keepBeating({ over, notify }: Line): Promise<void> {
    const end = AbortSignal.any([closing.signal, over]);
    for (;;) {
      if (pulse === null) {
        pulse = { nonce: randomUUID(), at: moment() };
        notify(own, pulse.nonce);
      }
      await rest(PULSE, end);
      if (closing.signal.aborted) return;
      over.throwIfAborted();
      // Takes in what came while the process was busy, before the line is blamed.
      await turn();
      if (pulse && since(pulse.at) >= LEASE) throw new Error("PostgreSQL passes on nothing that it is told");
    }
  }

  function hangUp(): void {
    line?.drop();
    if (heardAt) brokeAt = moment();
    line = null;
    pulse = null;
    heardAt = null;
    forget();
  }

  const listening = keepListening();
  return {
    get isHearing() {
      return isHearing();
    },
    hear: (hearer) => void hearers.push(hearer),
    async tell(db, word) {
      for (const hearer of hearers) hearer.onWord(word);
      return questions.ask(db, word);
    },
    async close() {
      heardAt = null;
      closing.abort();
      await listening;
    },
  };
}

function moment(): Moment {
  return { steady: performance.now(), wall: Date.now() };
}

function since({ steady, wall }: Moment): number {
  return Math.max(performance.now() - steady, Date.now() - wall);
}

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => undefined);
}
