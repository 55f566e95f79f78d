import type { Db } from "@pitwall/db/database";
import { changeUser } from "@pitwall/services/admin/users";
import { authenticate } from "@pitwall/services/auth/authenticate";
import { aPlayer, bearing } from "@pitwall/services/auth/players.fixture";
import { logout } from "@pitwall/services/auth/sign-in";
import { asGuest, contextAs } from "@pitwall/services/context.fixture";
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

/**
 * Who may call what, said a second time on purpose: a procedure that is not here, or that changes hands, fails. Those by
 * another proof ask for something else than a token, and so do not look at one.
 */
const DECLARED = {
  byAnotherProof: "auth.register auth.login auth.refresh auth.forgotPassword auth.resetPassword auth.verifyEmail",
  anyone: `users.byUsername seasons.list seasons.byYear seasons.rules seasons.ruleSets drivers.list drivers.byId drivers.points drivers.entries
    constructors.list
    races.list races.next races.bySlug results.policy results.current results.revisions results.scores scores.byTeam scores.ledger
    scores.simulate scores.best teams.list teams.byId teams.lineup teams.checkLineup leagues.list leagues.byId leagues.members standings.global
    standings.around standings.league standings.leagueAround stats.public`,
  user: `auth.logout auth.logoutAll auth.me auth.sessions auth.endSession auth.changePassword
    auth.resendVerification auth.changeEmail users.me users.update users.remove users.export
    users.search teams.create teams.setLineup teams.lineups leagues.create leagues.join leagues.joinByCode leagues.leave
    teams.mine teams.rename teams.remove leagues.update leagues.remove leagues.renewCode leagues.transfer leagues.setRole
    leagues.removeMember leagues.bans leagues.lift
    standings.me standings.leagueMe notifications.list notifications.count notifications.read notifications.readAll
    notifications.delete notifications.preferences notifications.setPreferences`,
  admin: `seasons.setRules admin.feed admin.heldBody admin.jobs admin.jobRuns admin.runJob admin.retryRun admin.checkRace admin.rescoreRace admin.rescoreSeason admin.syncs admin.users admin.changeUser admin.audit drivers.create drivers.update drivers.remove drivers.setPrice
    races.create races.update races.remove results.enter`,
};

type Access = keyof typeof DECLARED;
type Kind = "guest" | "user" | "admin" | "deactivated" | "signedOut";

const TOKEN_OVER = { deactivated: "auth.token_invalid", signedOut: "auth.token_invalid" };

/** What each kind of actor hears at the door. */
const DOORS: Record<Access, Record<Kind, string>> = {
  byAnotherProof: { guest: "in", user: "in", admin: "in", deactivated: "in", signedOut: "in" },
  anyone: { guest: "in", user: "in", admin: "in", ...TOKEN_OVER },
  user: { guest: "auth.required", user: "in", admin: "in", ...TOKEN_OVER },
  admin: { guest: "auth.required", user: "auth.admin_only", admin: "in", ...TOKEN_OVER },
};

describe("who may call", () => {
  test("is declared for every procedure, and for none that is not there", () => {
    const said = Object.fromEntries(
      procedures.map(({ name, who, ignoresToken }) => [name, ignoresToken ? "byAnotherProof" : who]),
    );
    expect(said).toEqual(Object.fromEntries(declared()));
  });

  test("holds for every procedure and every kind of actor, whatever was sent", async ({ database: { db } }) => {
    const actors = Object.entries(await everyKind(db));
    const found: [string, Record<string, string>][] = [];
    for (const procedure of procedures) {
      const verdicts: Record<string, string> = {};
      for (const [kind, ctx] of actors) verdicts[kind] = await verdictOf(procedure, ctx);
      found.push([procedure.name, verdicts]);
    }
    const wanted = declared().map(([name, access]) => [name, DOORS[access]]);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(wanted));
  });
});

function declared(): [string, Access][] {
  const accesses = ["byAnotherProof", "anyone", "user", "admin"] as const;
  return accesses.flatMap((access) =>
    DECLARED[access]
      .trim()
      .split(/\s+/)
      .map((name): [string, Access] => [name, access]),
  );
}

/** Each by a true token of their own, where there is one. */
async function everyKind(db: Db): Promise<Record<Kind, ApiContext>> {
  const [user, admin, deactivated, signedOut] = [
    await aPlayer(db),
    await aPlayer(db),
    await aPlayer(db),
    await aPlayer(db),
  ];
  const installation = contextAs(db, { kind: "system", name: "installation" });
  await changeUser(installation, { id: admin.user.id, role: "admin" });
  await changeUser(installation, { id: deactivated.user.id, isActive: false });
  await logout(await bearing(db, signedOut));
  return {
    guest: contextOf(asGuest(db)),
    user: await bearer(db, user),
    admin: await bearer(db, admin),
    deactivated: await bearer(db, deactivated),
    signedOut: await bearer(db, signedOut),
  };
}

/** As a door makes it of a request: a token that is over makes a guest whose token is refused. */
async function bearer(db: Db, { accessToken }: { readonly accessToken: string }): Promise<ApiContext> {
  const actor = await authenticate(asGuest(db), accessToken);
  return actor ? contextOf(contextAs(db, actor)) : contextOf(asGuest(db), { isTokenRefused: true });
}

const AT_THE_DOOR = ["auth.required", "auth.admin_only", "auth.token_invalid"];

/** A refusal at the door, or "in" for whatever comes after it. */
async function verdictOf(
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
    return "in";
  } catch (error) {
    if (!(error instanceof PublicError) || error.fault.status >= 500) throw error;
    return AT_THE_DOOR.includes(error.fault.reason) ? error.fault.reason : "in";
  }
}
