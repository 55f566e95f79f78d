import { type Recent, recent } from "@pitwall/cache/recent";
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

/** Of each kind, so many of those asked for last, and at most twice as many. */
const REMEMBERED = 12;

/**
 * The same for queries of one kind whose text names partitions: one for each name, as long as it is among those asked for last. A name
 * is to say all that the text depends on.
 */
export function preparedByName<Query extends Preparable<unknown>>(): (
  db: Db,
  name: string,
  build: () => Query,
) => ReturnType<Query["prepare"]> {
  const known = new WeakMap<Db, Recent<string, ReturnType<Query["prepare"]>>>();
  return (db, name, build) => {
    const queries = known.get(db) ?? recent(REMEMBERED);
    known.set(db, queries);
    // Safe, since it is what a query of this kind prepares.
    return queries.of(name, () => build().prepare(name) as ReturnType<Query["prepare"]>);
  };
}

/** Safe, because whichever name is asked for has a place. */
function placesOf<Values>(): Places<Values> {
  return new Proxy({}, { get: (_, name) => sql.placeholder(String(name)) }) as Places<Values>;
}
