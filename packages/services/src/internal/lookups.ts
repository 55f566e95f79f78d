import { type Db, isTransaction } from "@pitwall/db/database";
import { inOneGo } from "./in-one-go.ts";

/**
 * Looks up by key, together with what others look up meanwhile. `find` gives each key its own answer, in their order. Within
 * a transaction everybody asks for themselves, of what they see.
 */
export function lookup<Key, Answer>(
  find: (db: Db, keys: readonly Key[]) => Promise<readonly Answer[]>,
): (db: Db, key: Key) => Promise<Answer> {
  const together = inOneGo(find);
  return async (db, key) => {
    if (!isTransaction(db)) return together(db, key);
    const [answer] = await find(db, [key]);
    if (answer === undefined) throw new Error("a lookup came back without its answer");
    return answer;
  };
}

/** The same for a few keys that many ask about at once: each of them is looked up for all who mean it. */
export function sharedLookup<Key, Answer>(
  find: (db: Db, key: Key) => Promise<Answer>,
): (db: Db, key: Key) => Promise<Answer> {
  return lookup((db, keys) => {
    const found = new Map<Key, Promise<Answer>>();
    return Promise.all(
      keys.map((key) => {
        const answer = found.get(key) ?? find(db, key);
        found.set(key, answer);
        return answer;
      }),
    );
  });
}

/** Looks up each of the keys once, however often it is among them. */
export async function eachOnce<Key, Answer>(
  keys: readonly Key[],
  find: (key: Key) => Promise<Answer>,
): Promise<ReadonlyMap<Key, Answer>> {
  return new Map(await Promise.all([...new Set(keys)].map(async (key) => [key, await find(key)] as const)));
}
