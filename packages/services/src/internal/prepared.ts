import type { Db } from "@pitwall/db/database";
import { type Placeholder, sql } from "drizzle-orm";

/** The places in a query where its values will stand. */
export type Places<Values> = { readonly [Name in keyof Values]: Placeholder };

interface Prepared<Answer> {
  execute(values: Record<string, unknown>): Promise<Answer>;
}

interface Preparable<Answer> {
  prepare(name: string): Prepared<Answer>;
}

/**
 * A query that is built once for each connection, and under its name planned once by PostgreSQL. Values stand in it as they
 * are sent, so a column's own encoding does not reach them; and a plan that is to depend on them is no use to it.
 */
export function prepared<Values extends Record<string, unknown>, Answer>(
  name: string,
  build: (db: Db, places: Places<Values>) => Preparable<Answer>,
): (db: Db, values: Values) => Promise<Answer> {
  const built = new WeakMap<Db, Prepared<Answer>>();
  return (db, values) => {
    const query = built.get(db) ?? build(db, placesOf<Values>()).prepare(name);
    built.set(db, query);
    return query.execute(values);
  };
}

/** How many queries of a kind are remembered; those asked for first are forgotten first. */
const REMEMBERED = 24;

/**
 * The same for queries of one kind whose text names partitions: one for each name, as long as it is among the newest. A name
 * is to say all that the text depends on.
 */
export function preparedByName<Query extends Preparable<unknown>>(): (
  db: Db,
  name: string,
  build: () => Query,
) => ReturnType<Query["prepare"]> {
  const known = new WeakMap<Db, Map<string, ReturnType<Query["prepare"]>>>();
  return (db, name, build) => {
    const queries = known.get(db) ?? new Map();
    known.set(db, queries);
    const query = queries.get(name) ?? build().prepare(name);
    queries.set(name, query);
    for (const oldest of queries.keys()) {
      if (queries.size <= REMEMBERED) break;
      queries.delete(oldest);
    }
    return query;
  };
}

/** Safe, because whichever name is asked for has a place. */
function placesOf<Values>(): Places<Values> {
  return new Proxy({}, { get: (_, name) => sql.placeholder(String(name)) }) as Places<Values>;
}
