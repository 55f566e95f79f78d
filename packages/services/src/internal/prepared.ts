import type { Db } from "@pitwall/db/database";

/** A query built once for each database it is asked of. Build it with `.prepare(name)`, and PostgreSQL plans it once as well. */
export function prepared<Query>(build: (db: Db) => Query): (db: Db) => Query {
  const built = new WeakMap<Db, Query>();
  return (db) => {
    const known = built.get(db);
    if (known) return known;
    const query = build(db);
    built.set(db, query);
    return query;
  };
}
