import { openDatabase } from "@pitwall/db/database";
import { authenticate } from "@pitwall/services/auth/authenticate";
import type { Log } from "@pitwall/services/context";
import { contextAs } from "@pitwall/services/context.fixture";
import { aUser } from "@pitwall/testing/builders";
import { aDatabase, test } from "@pitwall/testing/database";
import { LEAK } from "@pitwall/testing/leak-patterns";
import { expect, onTestFinished } from "vitest";
import { callerFor } from "./router.ts";

/** A caller on a database of the test's own, and what the log heard. */
function listened(url: string) {
  const database = openDatabase({ url });
  const heard: { message: string; facts: Record<string, unknown> }[] = [];
  const hear = (message: string, facts: Record<string, unknown> = {}) => heard.push({ message, facts });
  const log: Log = { info: () => undefined, warn: hear, error: hear };
  const services = contextAs(database.db, { kind: "guest", address: null, device: null }, { log });
  return { database, heard, caller: callerFor(services, { requestId: "request-7" }) };
}

const secret = { username: "anna", email: "anna@example.org", password: "Correct-Horse-7" };

test("a query that fails says nothing to the caller, and its cause to the log under the same request id", async () => {
  const { url, drop } = await aDatabase("migrated");
  const { database, heard, caller } = listened(url);
  onTestFinished(() => database.close().then(drop));
  await database.db.execute("alter table users add constraint nobody_enters check (username = '')");
  const refusal = await caller.auth.register(secret).catch((error) => error);
  expect(refusal).toMatchObject({
    message: "Something went wrong.",
    requestId: "request-7",
    fault: { status: 500, reason: "internal", errors: [] },
  });
  expect(refusal.cause).toBeUndefined();
  expect(JSON.stringify(refusal)).not.toMatch(LEAK);
  expect(heard).toMatchObject([
    { message: "a procedure failed", facts: { requestId: "request-7", procedure: "auth.register" } },
  ]);
  expect(heard[0]?.facts.error).toBeInstanceOf(Error);
});

test("a database that is away is an outage, not a bug", async () => {
  const { database, heard, caller } = listened("postgres://nobody@127.0.0.1:1/nowhere");
  onTestFinished(() => database.close());
  const refusal = await caller.seasons.list().catch((error) => error);
  expect(refusal).toMatchObject({ fault: { status: 503, reason: "service.unavailable", retryAfterSeconds: 5 } });
  expect(JSON.stringify(refusal)).not.toMatch(LEAK);
  expect(heard).toHaveLength(1);
});

test("whoever is refused what is an admin's leaves a line in the log, without a name", async ({ database: { db } }) => {
  const { id: userId, username } = await aUser(db);
  const heard: { message: string; facts: Record<string, unknown> }[] = [];
  const hear = (message: string, facts: Record<string, unknown> = {}) => heard.push({ message, facts });
  const actor = { kind: "user", userId, username, sessionId: null } as const;
  const services = contextAs(db, actor, { log: { info: hear, warn: hear, error: hear } });
  await expect(callerFor(services, { requestId: "request-7" }).admin.audit({})).rejects.toMatchObject({
    fault: { status: 403 },
  });
  expect(heard).toEqual([
    {
      message: "a call was refused",
      facts: {
        requestId: "request-7",
        procedure: "admin.audit",
        address: null,
        reason: "auth.admin_only",
        actorId: userId,
      },
    },
  ]);
});

test("whoever is refused while they prove who they are counts in the log as who they were", async ({
  database: { db },
}) => {
  const { id: userId, username } = await aUser(db);
  const refused: unknown[] = [];
  const hear = (message: string, facts: Record<string, unknown> = {}) => {
    if (message === "a call was refused") refused.push(facts.actorId);
  };
  const actor = { kind: "user", userId, username, sessionId: null } as const;
  const { auth } = callerFor(contextAs(db, actor, { log: { info: hear, warn: hear, error: hear } }));
  const attempt = () => auth.login({ login: username, password: "Wrong-Horse-7" }).catch(() => undefined);
  for (let n = 0; n < 6; n += 1) await attempt();
  expect(refused).toEqual([userId]);
});

test("what happens to an account leaves a line each, with ids and a network", async ({ database: { db } }) => {
  const heard: { message: string; facts: Record<string, unknown> }[] = [];
  const hear = (message: string, facts: Record<string, unknown> = {}) => heard.push({ message, facts });
  const log = { info: hear, warn: hear, error: hear };
  const origin = { address: "192.0.2.77", device: null };
  const services = contextAs(db, { kind: "guest", ...origin }, { log });
  const { auth } = callerFor(services, { requestId: "request-7", origin });
  const { user, refreshToken } = await auth.register(secret);
  const attempt = (password: string) => auth.login({ login: secret.username, password }).catch(() => undefined);
  const signedIn = await attempt(secret.password);
  for (let n = 0; n < 6; n += 1) await attempt("Wrong-Horse-7");
  await auth.refresh({ refreshToken });
  await expect(auth.refresh({ refreshToken })).rejects.toMatchObject({ fault: { reason: "auth.refresh_reused" } });
  const actor = await authenticate(services, signedIn?.accessToken ?? "");
  if (!actor) throw new Error("the token opens nothing");
  await callerFor({ ...services, actor }, { requestId: "request-7", origin }).auth.logout();
  const said = heard.filter(({ facts }) => facts.requestId === "request-7" && facts.address === "192.0.2.0");
  expect(said.map(({ message }) => message).filter((message) => !message.includes("mail"))).toEqual([
    "an account was opened",
    "somebody signed in",
    ...Array(5).fill("a sign-in failed"),
    "attempts to sign in are slowed",
    "a call was refused",
    "a spent refresh token came back; its session is ended",
    "a session was ended",
  ]);
  const events = said.filter(({ message }) => message !== "a call was refused" && !message.includes("mail"));
  for (const { facts } of events) expect(facts).toMatchObject({ userId: user.id });
  expect(said.find(({ message }) => message === "a call was refused")?.facts).toMatchObject({
    reason: "auth.too_many_attempts",
  });
});
