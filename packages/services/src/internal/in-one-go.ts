import { setImmediate as turnOver } from "node:timers/promises";
import type { Db } from "@pitwall/db/database";

interface Waiting<Ask, Answer> {
  readonly ask: Ask;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** Longer ones would hold what they hold for longer than anybody wants to wait. */
const MOST = 250;

/**
 * Does at once what is asked for in one turn of the event loop, and then what was asked for while that was under way. `act`
 * gives each its own answer, in their order. If it throws, all of them failed.
 */
export function inOneGo<Ask, Answer>(
  act: (db: Db, asks: readonly Ask[]) => Promise<readonly Answer[]>,
): (db: Db, ask: Ask) => Promise<Answer> {
  const queues = new WeakMap<Db, Waiting<Ask, Answer>[]>();
  return (db, ask) =>
    new Promise((resolve, reject) => {
      const one = { ask, resolve, reject };
      const queue = queues.get(db);
      if (queue) queue.push(one);
      else void workThrough(db, [one]);
    });

  async function workThrough(db: Db, queue: Waiting<Ask, Answer>[]): Promise<void> {
    queues.set(db, queue);
    await turnOver();
    while (queue.length > 0) await answerAll(db, queue.splice(0, MOST));
    queues.delete(db);
  }

  async function answerAll(db: Db, waiting: readonly Waiting<Ask, Answer>[]): Promise<void> {
    try {
      const answers = await act(
        db,
        waiting.map(({ ask }) => ask),
      );
      for (const [at, answer] of answers.entries()) waiting[at]?.resolve(answer);
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }
}
