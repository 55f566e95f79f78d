import { contextAs } from "@pitwall/services/context.fixture";
import { aUser } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { type AnyTRPCProcedure, callTRPCProcedure } from "@trpc/server";
import { describe, expect } from "vitest";
import { type ApiContext, contextOf } from "./context.ts";
import { PublicError } from "./errors.ts";
import { appRouter } from "./router.ts";
import { metaOf, proceduresOf } from "./routes.ts";

const procedures = Object.entries(proceduresOf(appRouter)).map(([name, procedure]) => ({
  name,
  type: procedure._def.type,
  ...metaOf(procedure),
}));

/** Who may call what, said a second time on purpose: a procedure that changes hands must change here too. */
const USERS_ONLY = `
auth.logout auth.logoutAll auth.me auth.sessions auth.endSession users.me teams.create teams.setLineup teams.lineups
leagues.create leagues.join leagues.joinByCode leagues.leave standings.me standings.leagueMe notifications.list
notifications.count notifications.read notifications.readAll notifications.delete`
  .trim()
  .split(/\s+/);
const ADMINS_ONLY = ["admin.feed"];
const BY_OTHER_PROOF = ["auth.register", "auth.login", "auth.refresh"];

describe("who may call", () => {
  test("is declared for every procedure as it is meant", () => {
    const named = (wanted: string) => procedures.filter(({ who }) => who === wanted).map(({ name }) => name);
    expect(procedures.filter(({ who }) => who === undefined)).toEqual([]);
    expect(named("user").toSorted()).toEqual(USERS_ONLY.toSorted());
    expect(named("admin")).toEqual(ADMINS_ONLY);
    expect(procedures.filter(({ ignoresToken }) => ignoresToken).map(({ name }) => name)).toEqual(BY_OTHER_PROOF);
  });

  test("is asked before anything else, whatever was sent", async ({ database: { db } }) => {
    const guest = contextOf(contextAs(db, { kind: "guest", address: null, device: null }));
    const closed = new Set([...USERS_ONLY, ...ADMINS_ONLY]);
    for (const procedure of procedures) {
      const reason = await reasonOf(procedure, guest);
      expect(reason === "auth.required", procedure.name).toBe(closed.has(procedure.name));
    }
  });

  test("lets users nowhere near what is an admin's", async ({ database: { db } }) => {
    const { id: userId, username } = await aUser(db);
    for (const kind of ["user", "admin"] as const) {
      const ctx = contextOf(contextAs(db, { kind, userId, username, sessionId: null }));
      for (const name of ADMINS_ONLY) {
        const reason = await reasonOf({ name, type: "query" }, ctx);
        expect(reason === "auth.admin_only").toBe(kind === "user");
      }
    }
  });

  test("is nobody with a token that is over, except where something else proves who it is", async ({
    database: { db },
  }) => {
    const refused = contextOf(contextAs(db, { kind: "guest", address: null, device: null }), { isTokenRefused: true });
    for (const procedure of procedures) {
      const reason = await reasonOf(procedure, refused);
      expect(reason === "auth.token_invalid", procedure.name).toBe(!BY_OTHER_PROOF.includes(procedure.name));
    }
  });
});

async function reasonOf(
  { name, type }: { name: string; type: AnyTRPCProcedure["_def"]["type"] },
  ctx: ApiContext,
): Promise<string> {
  const call = {
    router: appRouter,
    path: name,
    type,
    getRawInput: async () => ({ nonsense: true }),
    ctx,
    signal: undefined,
    batchIndex: 0,
  };
  try {
    await callTRPCProcedure(call);
    return "let in";
  } catch (error) {
    if (error instanceof PublicError) return error.fault.reason;
    throw error;
  }
}
