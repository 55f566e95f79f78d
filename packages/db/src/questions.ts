import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import type { Db } from "./database.ts";

export interface Questions {
  /** Says a word to all other listeners and waits until each has said that it heard, or for `patience`. Answers how many have not. */
  ask(db: Db, word: string): Promise<number>;
  /** A listener has answered the question of this name. */
  answeredBy(nonce: string, pid: number): void;
}

export interface QuestionsOptions {
  /** Where the word is said. */
  readonly channel: string;
  /** Where the answers are heard. */
  readonly own: string;
  /** By what PostgreSQL lists a listener. */
  readonly name: string;
  readonly ownPid: () => number | undefined;
  /** Whether PostgreSQL lists everybody who still goes by what it heard. */
  readonly isListWhole: () => boolean;
  /** In milliseconds. */
  readonly patience: number;
}

interface Question {
  others: readonly number[] | null;
  readonly heardBy: Set<number>;
  readonly settle: () => void;
}

export function createQuestions({ isListWhole, patience, ...places }: QuestionsOptions): Questions {
  const open = new Map<string, Question>();
  const settleIfHeard = (question: Question) => {
    if (question.others && deafTo(question).length === 0 && isListWhole()) question.settle();
  };
  return {
    async ask(db, word) {
      const nonce = randomUUID();
      const { promise: settled, resolve: settle } = Promise.withResolvers<void>();
      const question: Question = { others: null, heardBy: new Set(), settle };
      const impatience = setTimeout(settle, patience);
      open.set(nonce, question);
      try {
        question.others = await put(db, `${word} ${places.own} ${nonce}`, places).catch(() => null);
        settleIfHeard(question);
        await settled;
      } finally {
        clearTimeout(impatience);
        open.delete(nonce);
      }
      const deaf = deafTo(question);
      if (deaf.length > 0) await cutOff(db, deaf, places).catch(() => undefined);
      return deaf.length;
    },
    answeredBy(nonce, pid) {
      const question = open.get(nonce);
      if (!question) return;
      question.heardBy.add(pid);
      settleIfHeard(question);
    },
  };
}

function deafTo({ others, heardBy }: Question): number[] {
  return (others ?? []).filter((pid) => !heardBy.has(pid));
}

type Places = Pick<QuestionsOptions, "channel" | "own" | "name" | "ownPid">;

/** Whom the question is put to: all who listen at this moment. */
async function put(db: Db, question: string, { channel, name, ownPid }: Places): Promise<number[]> {
  const { rows } = await db.execute<{ pid: number }>(sql`
    select pid, pg_notify(${channel}, ${question}) from pg_stat_activity
    where datname = current_database() and application_name = ${name} and pid <> ${ownPid() ?? 0}`);
  return rows.map(({ pid }) => pid);
}

/** Whoever lives on listens anew, and whoever does not keeps nobody waiting twice. */
async function cutOff(db: Db, pids: readonly number[], { name }: Places): Promise<void> {
  await db.execute(sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where pid in ${pids} and datname = current_database() and application_name = ${name}`);
}
