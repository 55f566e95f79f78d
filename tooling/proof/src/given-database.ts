import { openDatabase } from "@pitwall/db/database";
import { inWords } from "./breach.ts";
import type { Engine } from "./engine.ts";
import { oracle } from "./oracle.ts";

const REPLAY = "pnpm proof oracle --url postgres://…";

/** Asks the oracle of any database, which it only reads. */
export const givenDatabase: Engine = {
  name: "oracle",
  summary: "checks every invariant that a database can tell of",
  options: { url: "the database: postgres://…" },
  async run({ own: { url } }) {
    if (url === undefined) return { rows: [], failures: [{ words: "No database was named.", replay: REPLAY }] };
    const database = openDatabase({
      ...{ url, applicationName: "pitwall proof", max: 2 },
      ...{ statementTimeout: 0, queryTimeout: 0, transactionTimeout: 0 },
    });
    try {
      const breaches = await oracle(database.db);
      return {
        rows: [{ what: "breaches", count: breaches.length }],
        failures: breaches.map((breach) => ({ words: inWords(breach), replay: REPLAY })),
      };
    } finally {
      await database.close();
    }
  },
};
