import type { Db } from "@pitwall/db/database";
import { broadcasts, mailings, mails, notificationPreferences, notifications, races, users } from "@pitwall/db/schema";
import { HOUR } from "@pitwall/domain/durations";
import { aRace, aSeason, aTeam, aUser, type BuiltUser } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, onTestFinished } from "vitest";
import { asClock, asUser, contextAs } from "../context.fixture.ts";
import type { Mailer } from "../context.ts";
import { alertAdmins } from "../internal/admin-alerts.ts";
import type { NOTIFICATION_TYPES } from "../internal/notification-preferences.ts";
import { createLeague, joinLeague } from "../leagues/membership.ts";
import { setRole } from "../leagues/people.ts";
import { smtpMailer } from "../mail.ts";
import { startMailSink } from "../mail-sink.fixture.ts";
import { remindOfLocks } from "../races/reminding.ts";
import { aLockedRace, at, record, result } from "../results/results.fixture.ts";
import { sendMails } from "./mailing.ts";

type Type = (typeof NOTIFICATION_TYPES)[number];

// A mail goes to whoever waits for one, so no test may leave any to another.
beforeEach<{ database: { db: Db } }>(async ({ database: { db } }) => {
  for (const table of [mails, mailings, broadcasts, notifications, notificationPreferences]) await db.delete(table);
});

async function aSink(options?: Parameters<typeof startMailSink>[0]) {
  const sink = await startMailSink(options);
  onTestFinished(sink.close);
  return sink;
}

/** Somebody whose address is known to be theirs, and who wants these types by e-mail. */
async function aReader(db: Db, types: readonly Type[], wanted: Partial<BuiltUser> = {}): Promise<BuiltUser> {
  const user = await aUser(db, { emailVerifiedAt: new Date(), ...wanted });
  await wantsByMail(db, user, types);
  return user;
}

async function wantsByMail(db: Db, { id: userId }: { readonly id: string }, types: readonly Type[]): Promise<void> {
  await db.update(users).set({ emailVerifiedAt: new Date() }).where(eq(users.id, userId));
  if (types.length > 0)
    await db.insert(notificationPreferences).values(types.map((type) => ({ userId, type, inApp: true, email: true })));
}

async function news(db: Db, createdAt?: Date): Promise<void> {
  const words = { type: "system" as const, title: "News", body: "To everybody.", link: "/api/v1/stats", data: {} };
  await db.insert(broadcasts).values({ ...words, ...(createdAt && { createdAt }) });
}

function send(db: Db, mailer: Mailer, said: unknown[] = []) {
  const log = { info: () => undefined, warn: (...words: unknown[]) => void said.push(words), error: () => undefined };
  return sendMails({
    ...contextAs(db, { kind: "system", name: "clock" }, { log }),
    mailer,
    publicUrl: "https://pitwall.test",
  });
}

describe("a mail", () => {
  test("goes to whoever asked for its kind at an address of their own, and to nobody else", async ({
    database: { db },
  }) => {
    const sink = await aSink();
    const ann = await aReader(db, ["system"]);
    await aReader(db, ["results_in"]);
    await aReader(db, ["system"], { emailVerifiedAt: null }).then(({ id }) =>
      db.update(users).set({ emailVerifiedAt: null }).where(eq(users.id, id)),
    );
    await aReader(db, ["system"], { isActive: false });
    await aReader(db, ["system"], { deletedAt: new Date() });
    await news(db);
    await aReader(db, ["system"]);
    expect(await send(db, sink.mailer)).toEqual({ sent: 1, refused: 0, failed: 0 });
    expect(sink.received).toMatchObject([{ to: ann.email, subject: "News" }]);
    expect(sink.received[0]?.text).toBe(`Hello ${ann.username},

To everybody.

https://pitwall.test/api/v1/stats

You have asked for mails of this kind. Your notification preferences,
https://pitwall.test/api/v1/notifications/preferences, end them.
`);
  });

  test("comes once, however often it is asked for and however many ask at once", async ({ database: { db } }) => {
    const sink = await aSink();
    await aReader(db, ["system"]);
    await news(db);
    await Promise.all([send(db, sink.mailer), send(db, sink.mailer), send(db, sink.mailer)]);
    expect(await send(db, sink.mailer)).toEqual({ sent: 0, refused: 0, failed: 0 });
    expect(sink.received).toHaveLength(1);
  });

  test("is of the day: what is older is in the inbox alone", async ({ database: { db } }) => {
    const sink = await aSink();
    const past = { createdAt: new Date(Date.now() - 48 * HOUR) };
    const { id: userId } = await aReader(db, ["system"], past);
    await news(db, new Date(Date.now() - 25 * HOUR));
    const note = { userId, type: "system" as const, title: "Old", body: "", data: {} };
    await db.insert(notifications).values({ ...note, createdAt: new Date(Date.now() - 25 * HOUR) });
    expect(await send(db, sink.mailer)).toMatchObject({ sent: 0 });
    await news(db, new Date(Date.now() - 23 * HOUR));
    expect(await send(db, sink.mailer)).toMatchObject({ sent: 1 });
  });

  test("goes to the address and by the wish of the moment", async ({ database: { db } }) => {
    const sink = await aSink();
    const [ann, ben] = [await aReader(db, ["system"]), await aReader(db, ["system"])];
    await news(db);
    const away = smtpMailer({ url: "smtp://127.0.0.1:1", from: "no-reply@pitwall.test" });
    expect(await send(db, away)).toMatchObject({ sent: 0 });
    await db.update(users).set({ email: "ann@new.example.org" }).where(eq(users.id, ann.id));
    await db.delete(notificationPreferences).where(eq(notificationPreferences.userId, ben.id));
    await send(db, sink.mailer);
    expect(sink.received.map(({ to }) => to)).toEqual(["ann@new.example.org"]);
  });

  test("is never lost when the server is away, and names nobody in the log", async ({ database: { db } }) => {
    const sink = await aSink();
    const readers = [await aReader(db, ["system"]), await aReader(db, ["system"]), await aReader(db, ["system"])];
    await news(db);
    const said: unknown[] = [];
    const away = smtpMailer({ url: "smtp://127.0.0.1:1", from: "no-reply@pitwall.test" });
    for (let hour = 0; hour < 6; hour += 1) expect(await send(db, away, said)).toMatchObject({ sent: 0, refused: 0 });
    expect(said.length).toBeGreaterThan(0);
    expect(JSON.stringify(said)).not.toContain("@");
    expect(await send(db, sink.mailer)).toMatchObject({ sent: 3 });
    expect(sink.received.map(({ to }) => to).toSorted()).toEqual(readers.map(({ email }) => email).toSorted());
  });

  test("that its server refuses is not sent again, keeps no other waiting, and names nobody in the log", async ({
    database: { db },
  }) => {
    const [gone, ann] = [await aReader(db, ["system"]), await aReader(db, ["system"])];
    const sink = await aSink({ refuses: [gone.email] });
    await news(db);
    const said: unknown[] = [];
    expect(await send(db, sink.mailer, said)).toEqual({ sent: 1, refused: 1, failed: 0 });
    expect(await send(db, sink.mailer, said)).toEqual({ sent: 0, refused: 0, failed: 0 });
    expect(said).toEqual([["a mail was not sent", expect.objectContaining({ userId: gone.id, status: 550 })]]);
    expect(JSON.stringify(said)).not.toContain("@");
    expect(sink.received.map(({ to }) => to)).toEqual([ann.email]);
  });

  test("of which nobody knows whether it arrived is tried a few times, after a rest, under the same id", async ({
    database: { db },
  }) => {
    const sink = await aSink();
    await aReader(db, ["system"]);
    await news(db);
    // The connection breaks after the server has taken the mail.
    const torn: Mailer = {
      async send(mail) {
        await sink.mailer.send(mail);
        throw Object.assign(new Error("Connection closed"), { command: "CONN" });
      },
    };
    await send(db, torn);
    expect(await send(db, torn)).toMatchObject({ sent: 0 });
    expect(sink.received).toHaveLength(1);
    for (let again = 0; again < 5; again += 1) {
      await db.update(mails).set({ triedAt: sql`clock_timestamp() - interval '1 hour'` });
      await send(db, torn);
    }
    expect(sink.received).toHaveLength(4);
    expect(new Set(sink.received.map(({ id }) => id)).size).toBe(1);
  });
});

describe("what is mailed", () => {
  test("of a result and of its correction is what everybody hears, and what it did to the reader", async ({
    database: { db },
  }) => {
    const sink = await aSink();
    const { race, drivers, ann, annsTeam, ben } = await aLockedRace(db);
    await wantsByMail(db, ann, ["results_in", "correction"]);
    await wantsByMail(db, ben, ["correction"]);
    await record(db, race, result(drivers));
    await send(db, sink.mailer);
    expect(sink.received).toMatchObject([{ to: ann.email, subject: `${race.name}: results are in` }]);
    await record(db, race, result(drivers.slice(1), at(drivers, 0)), 27);
    expect(await send(db, sink.mailer)).toMatchObject({ sent: 2 });
    const toAnn = await sink.mailTo(ann.email, /corrected/);
    expect(toAnn.text.replaceAll("\n", " ")).toContain(`${annsTeam.name}: 42.0 points, were 72.0; rank 2, was 1.`);
    expect((await sink.mailTo(ben.email, /corrected/)).text).not.toContain(annsTeam.name);
  });

  test("of a league is for its owner and its members", async ({ database: { db } }) => {
    const sink = await aSink();
    const season = await aSeason(db);
    const [ann, ben] = [await aReader(db, ["league_joined"]), await aReader(db, ["league_role"])];
    const team = await aTeam(db, { owner: ben, season });
    const league = { season, name: "Sunday drivers", isPrivate: false, seats: 20 };
    const { id } = await createLeague(asUser(db, ann), league);
    await joinLeague(asUser(db, ben), { id, teamId: team.id });
    await setRole(asUser(db, ann), { id, userId: ben.id, role: "manager" });
    await send(db, sink.mailer);
    expect(sink.received.map(({ to, subject }) => [to, subject]).toSorted()).toEqual(
      [
        [ann.email, `${ben.username} joined Sunday drivers`],
        [ben.email, "You are a manager of Sunday drivers"],
      ].toSorted(),
    );
  });

  test("of a lock reaches those who have a team, and nobody once the race has locked", async ({ database: { db } }) => {
    const sink = await aSink();
    const season = await aSeason(db);
    const race = await aRace(db, { season, lockIn: HOUR });
    const ann = await aReader(db, ["lock_reminder"]);
    await aReader(db, ["lock_reminder"]);
    await aTeam(db, { owner: ann, season, name: "Slipstream" });
    await remindOfLocks(asClock(db, new Date()));
    await db.update(races).set({ lockAt: sql`clock_timestamp()` }).where(eq(races.id, race.id));
    expect(await send(db, sink.mailer)).toMatchObject({ sent: 0 });
    await db.update(races).set({ lockAt: race.lockAt }).where(eq(races.id, race.id));
    expect(await send(db, sink.mailer)).toMatchObject({ sent: 1 });
    expect(sink.received).toMatchObject([
      { to: ann.email, text: expect.stringContaining("Slipstream has no line-up.") },
    ]);
  });

  test("of an alert is for admins", async ({ database: { db } }) => {
    const sink = await aSink();
    const admin = await aReader(db, ["system"], { role: "admin" });
    await aReader(db, ["system"]);
    const ctx = asClock(db, new Date());
    await alertAdmins(ctx, {
      about: "this test",
      reason: "it_runs",
      title: "A test runs",
      body: "See to it.",
      data: {},
    });
    await send(db, sink.mailer);
    expect(sink.received).toMatchObject([{ to: admin.email, subject: "A test runs" }]);
  });
});
