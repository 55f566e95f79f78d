import { type Db, openDatabase } from "@pitwall/db/database";
import { openListening } from "@pitwall/db/listening";
import { sql } from "drizzle-orm";
import { expect, onTestFinished } from "vitest";
import { contextAs } from "../context.fixture.ts";
import type { AccountContext, Actor } from "../context.ts";
import { authenticate } from "./authenticate.ts";
import { BEARERS } from "./bearers.ts";
import { createAuth } from "./tokens.ts";

/** A server process, as far as signing in goes: connections, ears and a memory of its own. Resolves once it hears. */
export async function aServer({ url }: { readonly url: string }) {
  const database = openDatabase({ url });
  const listening = openListening({ url, channel: BEARERS });
  onTestFinished(async () => {
    await Promise.all([listening.close(), database.close()]);
  });
  const auth = createAuth({
    jwtSecret: "a secret that only the tests know!",
    issuer: "pitwall",
    audience: "pitwall",
    listening,
    hashing: { memoryKib: 8, passes: 1 },
  });
  await expect.poll(() => listening.isHearing, { timeout: 10_000 }).toBe(true);
  const { db } = database;
  const as = (actor: Actor): AccountContext => contextAs(db, actor, { auth });
  return {
    database,
    listening,
    auth,
    as,
    asGuest: () => as({ kind: "guest", address: "192.0.2.7", device: null }),
    whoBears: ({ accessToken }: { readonly accessToken: string }) => authenticate({ db, auth }, accessToken),
    /** The context of somebody who is signed in. */
    async bearing(tokens: { readonly accessToken: string }): Promise<AccountContext> {
      const actor = await authenticate({ db, auth }, tokens.accessToken);
      if (!actor) throw new Error("nobody is signed in");
      return as(actor);
    },
  };
}

/** Breaks the ears of every server, which soon have new ones. */
export async function deafen(db: Db): Promise<void> {
  await db.execute(
    sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = ${`${BEARERS} listener`}`,
  );
}
