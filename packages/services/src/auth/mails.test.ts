import { oneTimeTokens } from "@pitwall/db/schema";
import { test } from "@pitwall/testing/database";
import { expect, onTestFinished } from "vitest";
import { asGuest } from "../context.fixture.ts";
import type { AccountContext } from "../context.ts";
import { jsonLog } from "../log.ts";
import { missingMailer, smtpMailer } from "../mail.ts";
import { startMailSink } from "../mail-sink.fixture.ts";
import { changeEmail } from "./addresses.ts";
import { changePassword, forgotPassword, resetPassword } from "./password-changes.ts";
import { bearing } from "./players.fixture.ts";
import { register } from "./sign-in.ts";

const account = { username: "canary", email: "canary@example.org", password: "Yellow-Song-7" };

test("no log hears a password, a token or an address, whether mail gets through or not", async ({
  database: { db },
}) => {
  const sink = await startMailSink();
  onTestFinished(() => sink.close());
  const heard: string[] = [];
  const twoFailed = Promise.withResolvers<void>();
  const log = jsonLog({
    level: "debug",
    write(line) {
      heard.push(line);
      if (heard.filter((one) => one.includes("ECONNREFUSED")).length === 2) twoFailed.resolve();
    },
  });
  const from = (mailer: AccountContext["mailer"]): AccountContext => ({ ...asGuest(db), log, mailer });

  const player = await register(from(sink.mailer), account);
  const me = { ...(await bearing(db, player)), log };
  await changePassword({ ...me, mailer: sink.mailer }, { oldPassword: account.password, newPassword: "Yellow-Song-8" });
  forgotPassword(from(sink.mailer), { email: account.email });
  const { token } = await sink.mailTo(account.email, /Choose/);
  await resetPassword(from(missingMailer(log)), { token, newPassword: "Yellow-Song-9" });
  const away = smtpMailer({ url: "smtp://canary:Yellow-Song-1@127.0.0.1:1", from: "canary@pitwall.test" });
  await changeEmail({ ...me, mailer: away }, { newEmail: "canary.two@example.org", password: "Yellow-Song-9" });
  await twoFailed.promise;

  const said = heard.join("");
  expect(said).toContain("a password was changed");
  expect(said).toContain("sending a mail failed");
  expect(said).not.toMatch(/canary|yellow/i);
  for (const mail of sink.received.filter((one) => one.token)) expect(said).not.toContain(mail.token);
  for (const { digest } of await db.select().from(oneTimeTokens)) expect(said).not.toContain(digest);
});
