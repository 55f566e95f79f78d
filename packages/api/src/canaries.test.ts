import { type Db, openDatabase } from "@pitwall/db/database";
import { authenticate } from "@pitwall/services/auth/authenticate";
import type { Actor, Mail } from "@pitwall/services/context";
import { asGuest, contextAs } from "@pitwall/services/context.fixture";
import { jsonLog } from "@pitwall/services/log";
import { aDatabase } from "@pitwall/testing/database";
import { lookedLine } from "@pitwall/testing/leaks";
import { expect, onTestFinished, test } from "vitest";
import { aPlayableSeason } from "./play.fixture.ts";
import { type Caller, callerFor } from "./router.ts";

const anna = {
  username: "canary_anna",
  email: "canary.anna@example.org",
  password: "Canary-Password-7",
  fullName: "Anna Canaria",
};
const passwords = [anna.password, "Canary-Password-8", "Canary-Password-9", "Canary-Mistake-1"];
const addresses = [anna.email, "canary.second@example.org", "canary.third@example.org"];

test("whatever people do, no secret of theirs is in the log or where it does not belong", async () => {
  const { db, lines, mails, as } = await aGame();
  const { season, driverIds, captainId } = await aPlayableSeason(db);
  const refused = (call: Promise<unknown>) => expect(call).rejects.toThrow();
  const guest = as({ kind: "guest", address: "192.0.2.77", device: "Annas phone" });

  const registered = await guest.auth.register(anna);
  await refused(guest.auth.register(anna));
  await refused(guest.auth.login({ login: anna.email, password: "Canary-Mistake-1" }));
  await refused(guest.auth.login({ login: addresses[1] ?? "", password: anna.password }));
  const signedIn = await guest.auth.login({ login: anna.username, password: anna.password });
  const refreshed = await guest.auth.refresh({ refreshToken: signedIn.refreshToken });
  await refused(guest.auth.refresh({ refreshToken: signedIn.refreshToken }));
  await refused(guest.auth.refresh({ refreshToken: refreshed.refreshToken }));

  const own = as(await bearer(db, registered.accessToken));
  const team = await own.teams.create({ season, name: "Canary Racing", driverIds, captainId });
  const league = await own.leagues.create({ season, name: "Canary Cup" });
  await own.auth.resendVerification();
  await refused(own.auth.changeEmail({ newEmail: addresses[1] ?? "", password: "Canary-Mistake-1" }));
  await own.auth.changeEmail({ newEmail: addresses[1] ?? "", password: anna.password });
  const changed = await own.auth.changePassword({ oldPassword: anna.password, newPassword: passwords[1] ?? "" });
  guest.auth.forgotPassword({ email: anna.email });
  await expect.poll(() => mails.filter(({ text }) => text.includes("reset-password#")).length).toBe(1);
  const [reset = ""] = tokensOf(mails.filter(({ text }) => text.includes("reset-password#")));
  await guest.auth.resetPassword({ token: reset, newPassword: passwords[2] ?? "" });
  await refused(guest.auth.resetPassword({ token: reset, newPassword: passwords[2] ?? "" }));

  const ben = await guest.auth.register({ ...anna, username: "canary_ben", email: addresses[2] ?? "" });
  const other = as(await bearer(db, ben.accessToken));
  const theirs = await other.teams.create({ season, name: "Wings", driverIds, captainId });
  await refused(other.leagues.joinByCode({ code: "AAAAAAAAAA", teamId: theirs.id }));
  await other.leagues.joinByCode({ code: league.code ?? "", teamId: theirs.id });
  await refused(other.teams.setLineup({ id: team.id, driverIds, captainId, version: 1 }));
  await refused(other.admin.audit({}));
  await other.users.export();
  await db.execute("alter table users add constraint nobody_else_enters check (username <> 'canary_carl') not valid");
  await refused(guest.auth.register({ ...anna, username: "canary_carl", email: "canary.carl@example.org" }));
  await other.users.remove({ password: anna.password });

  const tokens = [registered, signedIn, refreshed, changed, ben].flatMap((one) => [one.accessToken, one.refreshToken]);
  const secrets = [...passwords, ...tokens, ...tokensOf(mails)];
  expect(tokensOf(mails).length).toBeGreaterThan(4);
  const names = [...addresses, "canary.carl@example.org", "canary_", anna.fullName, league.code ?? ""];
  const said = lines.join("");
  expect(lines.length).toBeGreaterThan(15);
  expect(found([...secrets, ...names, "192.0.2.77", "Annas phone"], said)).toEqual([]);
  for (const { table, text } of await everythingIn(db)) {
    expect({ table, found: found(secrets, text) }).toEqual({ table, found: [] });
    const belongs = table === "users" || table === "one_time_tokens";
    if (!belongs) expect({ table, found: found([...addresses, anna.fullName], text) }).toEqual({ table, found: [] });
    if (table !== "leagues") expect({ table, found: found([league.code ?? ""], text) }).toEqual({ table, found: [] });
  }
});

/** A database of its own, whose log and mails are kept. Every second mail is lost, with an error that repeats its reader and its link. */
async function aGame() {
  const { url, drop } = await aDatabase("migrated");
  const database = openDatabase({ url });
  onTestFinished(() => database.close().then(drop));
  const lines: string[] = [];
  const mails: Mail[] = [];
  const write = (line: string) => {
    lines.push(line);
    lookedLine(line);
  };
  const log = jsonLog({ level: "debug", write });
  const mailer = {
    async send(mail: Mail) {
      mails.push(mail);
      if (mails.length % 2 === 0) throw new Error(`550 <${mail.to}>: no such link ${linkIn(mail)}`);
    },
  };
  const as = (actor: Actor): Caller => {
    const origin = actor.kind === "guest" ? actor : { address: "192.0.2.77", device: null };
    return callerFor(contextAs(database.db, actor, { log, mailer }), { origin });
  };
  return { db: database.db, lines, mails, as };
}

async function bearer(db: Db, accessToken: string): Promise<Actor> {
  const actor = await authenticate(asGuest(db), accessToken);
  if (!actor) throw new Error("the token opens nothing");
  return actor;
}

function linkIn({ text }: Mail): string {
  return text.split("\n").find((line) => line.startsWith("http")) ?? "";
}

function tokensOf(mails: readonly Mail[]): string[] {
  return mails.flatMap(({ text }) => [...text.matchAll(/#([\w-]{20,})/g)].map(([, token = ""]) => token));
}

function found(canaries: readonly string[], text: string): string[] {
  return canaries.filter((canary) => text.includes(canary));
}

async function everythingIn(db: Db): Promise<{ table: string; text: string }[]> {
  const { rows } = await db.execute<{ table: string; name: string }>(
    `select tablename as "table", format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname in ('public', 'graphile_worker')`,
  );
  expect(rows.length).toBeGreaterThan(20);
  const texts = [];
  for (const { table, name } of rows) {
    const stored = await db.execute<{ text: string | null }>(
      `select string_agg(row::text, ' ') as text from ${name} row`,
    );
    texts.push({ table, text: stored.rows[0]?.text ?? "" });
  }
  return texts;
}
