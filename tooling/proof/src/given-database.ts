import { openDatabase } from "@pitwall/db/database";
import type { Engine } from "./engine.ts";
import { inWords, oracle } from "./oracle.ts";

/** Asks the oracle of any database, which it only reads. */
export const givenDatabase: Engine = {
  name: "oracle",
  summary: "checks every invariant that a database can tell of",
  options: { url: "the database: postgres://…" },
  async run({ own: { url } }) {
    if (url === undefined) throw new TypeError("--url says which database, such as postgres://localhost/pitwall");
    const database = openDatabase({
      ...{ url, applicationName: "pitwall proof", max: 2 },
      ...{ statementTimeout: 0, queryTimeout: 0, transactionTimeout: 0 },
    });
    try {
      const breaches = await oracle(database.db);
      return {
        rows: [{ what: "breaches", count: breaches.length }],
        failures: breaches.map((breach) => ({ words: inWords(breach), replay: "pnpm proof oracle --url …" })),
      };
    } finally {
      await database.close();
    }
  },
};
