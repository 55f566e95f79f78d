import { memoryCache } from "@pitwall/cache/memory";
import { openDatabase } from "@pitwall/db/database";
import { authenticate } from "@pitwall/services/auth/authenticate";
import { asGuest, contextAs } from "@pitwall/services/context.fixture";
import { type MailSink, startMailSink } from "@pitwall/services/mail-sink.fixture";
import { test } from "@pitwall/testing/database";
import { afterAll, beforeAll, describe, expect } from "vitest";
import type { ApiContext } from "../context.ts";
import { RATE_LIMITS } from "../limits.ts";
import { type Caller, callerFor } from "../router.ts";

const password = "Correct-Horse-7";
const newPassword = "Better-Horse-8";
type Db = ApiContext["db"];

let sink: MailSink;
let serial = 0;

beforeAll(async () => {
  sink = await startMailSink();
});
afterAll(() => sink.close());

function guest(db: Db, own: Partial<ApiContext> = {}): Caller {
  return callerFor({ ...asGuest(db), mailer: sink.mailer }, own);
}

async function someone(db: Db) {
  serial += 1;
  const wanted = { username: `mia_${serial}`, email: `mia_${serial}@example.org`, password };
  const signedIn = await guest(db).auth.register(wanted);
  return { ...wanted, ...signedIn, caller: await bearing(db, signedIn.accessToken) };
}

async function bearing(db: Db, accessToken: string): Promise<Caller> {
  const actor = await authenticate(asGuest(db), accessToken);
  if (!actor) throw new Error("the token opens nothing");
  return callerFor(contextAs(db, actor, { mailer: sink.mailer }));
}

describe("a password", () => {
  test("is changed by whoever knows it, and signs in anew", async ({ database: { db } }) => {
    const { caller, username } = await someone(db);
    const kept = await caller.auth.changePassword({ oldPassword: password, newPassword });
    expect(kept).toMatchObject({ tokenType: "bearer", expiresIn: 1800, user: { username } });
    expect(await (await bearing(db, kept.accessToken)).auth.me()).toEqual(kept.user);
    await guest(db).auth.login({ login: username, password: newPassword });
  });

  test("is changed by nobody else, and to nothing weak", async ({ database: { db } }) => {
    const { caller } = await someone(db);
    await expect(caller.auth.changePassword({ oldPassword: "Wrong-Horse-7", newPassword })).rejects.toMatchObject({
      fault: { status: 403, reason: "auth.wrong_password" },
    });
    await expect(caller.auth.changePassword({ oldPassword: password, newPassword: "weak" })).rejects.toMatchObject({
      fault: { status: 400, reason: "auth.invalid_password" },
    });
    await expect(guest(db).auth.changePassword({ oldPassword: password, newPassword })).rejects.toMatchObject({
      fault: { status: 401, reason: "auth.required" },
    });
  });

  test("that was forgotten is set by a mailed link, once", async ({ database: { db } }) => {
    const { email, username, accessToken } = await someone(db);
    expect(await guest(db).auth.forgotPassword({ email })).toEqual({});
    const { token } = await sink.mailTo(email, /Choose/);
    expect(await guest(db).auth.resetPassword({ token, newPassword })).toEqual({});
    await expect(bearing(db, accessToken)).rejects.toThrow("opens nothing");
    await guest(db).auth.login({ login: username, password: newPassword });
    await expect(guest(db).auth.resetPassword({ token, newPassword })).rejects.toMatchObject({
      fault: { status: 400, reason: "auth.link_over" },
    });
  });

  test("that was forgotten gets its answer before anything is looked up, so no answer tells who is known", async ({
    database: { db, url },
  }) => {
    const { email } = await someone(db);
    const elsewhere = openDatabase({ url, max: 1 });
    await elsewhere.db.execute("begin; lock table users in access exclusive mode");
    try {
      for (const one of [email, "nobody@example.org"])
        expect(await guest(db).auth.forgotPassword({ email: one })).toEqual({});
    } finally {
      await elsewhere.db.execute("rollback");
      await elsewhere.close();
    }
    await sink.mailTo(email, /Choose/);
    expect(sink.received.some(({ to }) => to === "nobody@example.org")).toBe(false);
  });
});

describe("an address", () => {
  test("is confirmed by the link that was mailed at the registration, or the one after it", async ({
    database: { db },
  }) => {
    const { email, caller } = await someone(db);
    expect(await caller.auth.resendVerification()).toEqual({});
    const { token } = await sink.mailTo(email, /Confirm/, 2);
    expect(await guest(db).auth.verifyEmail({ token })).toEqual({});
    await expect(caller.auth.resendVerification()).rejects.toMatchObject({
      fault: { status: 409, reason: "auth.email_verified" },
    });
  });

  test("is changed by its owner, who reads the mail to the new one", async ({ database: { db } }) => {
    const { caller } = await someone(db);
    const newEmail = "mia.moved@example.org";
    expect(await caller.auth.changeEmail({ newEmail, password })).toEqual({});
    const { token } = await sink.mailTo(newEmail, /new/);
    await guest(db).auth.verifyEmail({ token });
    expect(await caller.auth.me()).toMatchObject({ email: newEmail });
  });

  test("is refused as no address, as taken, without the password, and to guests", async ({ database: { db } }) => {
    const [{ caller }, { email: taken }] = [await someone(db), await someone(db)];
    await expect(caller.auth.changeEmail({ newEmail: "nowhere", password })).rejects.toMatchObject({
      fault: { status: 400 },
    });
    await expect(
      caller.auth.changeEmail({ newEmail: "mia.else@example.org", password: "Wrong-Horse-7" }),
    ).rejects.toMatchObject({ fault: { status: 403, reason: "auth.wrong_password" } });
    await expect(guest(db).auth.changeEmail({ newEmail: "mia.else@example.org", password })).rejects.toMatchObject({
      fault: { status: 401 },
    });
    await caller.auth.changeEmail({ newEmail: taken, password });
    const { token } = await sink.mailTo(taken, /new/);
    await expect(guest(db).auth.verifyEmail({ token })).rejects.toMatchObject({
      fault: { status: 409, reason: "auth.email_taken", errors: [{ field: "email" }] },
    });
  });
});

test("links are asked for and tried more seldom than all else", async ({ database: { db } }) => {
  const caller = guest(db, { cache: memoryCache(), limits: RATE_LIMITS });
  const callsLetIn = async (call: () => Promise<unknown>) => {
    for (let calls = 1; ; calls += 1) {
      const reason = await call().then(
        () => null,
        ({ fault }) => fault.reason,
      );
      if (reason === "request.rate_limited") return calls - 1;
    }
  };
  expect(await callsLetIn(() => caller.auth.forgotPassword({ email: "nobody@example.org" }))).toBe(5);
  expect(await callsLetIn(() => caller.auth.resetPassword({ token: "guess", newPassword }))).toBe(10);
});
