import type { Db } from "@pitwall/db/database";
import type { SourceEnv } from "../env.ts";
import type { Sources } from "../tasks/context.ts";
import { jolpica, jolpicaClient } from "./jolpica.ts";
import { openF1, openF1Client } from "./openf1.ts";

/** Those that the environment names, asked within the budgets of this database. */
export function sourcesFor(db: Db, { baseUrl, userAgent, openF1Url }: SourceEnv): Sources {
  const source = jolpica(jolpicaClient(db, { baseUrl, userAgent }));
  const witness = openF1Url ? openF1(openF1Client(db, { baseUrl: openF1Url, userAgent })) : undefined;
  return { source, seasons: source, witness };
}
