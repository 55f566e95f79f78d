import type { Db } from "@pitwall/db/database";
import { type Placeholder, sql } from "drizzle-orm";

/** The places in a query where its values will stand. */
export type Places<Values> = { readonly [Name in keyof Values]: Placeholder };

interface Preparable<Answer> {
  prepare(name: string): { execute(values: Record<string, unknown>): Promise<Answer> };
}

/**
 * A query that is built once for each connection, and under its name planned once by PostgreSQL. Values stand in it as they
 * are sent, so a column's own encoding does not reach them; and a plan that is to depend on them is no use to it.
 */
export function prepared<Values extends Record<string, unknown>, Answer>(
  name: string,
  build: (db: Db, places: Places<Values>) => Preparable<Answer>,
): (db: Db, values: Values) => Promise<Answer> {
  const built = new WeakMap<Db, ReturnType<Preparable<Answer>["prepare"]>>();
  return (db, values) => {
    const query = built.get(db) ?? build(db, placesOf<Values>()).prepare(name);
    built.set(db, query);
    return query.execute(values);
  };
}

/** Safe, because whichever name is asked for has a place. */
function placesOf<Values>(): Places<Values> {
  return new Proxy({}, { get: (_, name) => sql.placeholder(String(name)) }) as Places<Values>;
}
