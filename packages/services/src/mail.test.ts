import { afterAll, beforeAll, expect, test } from "vitest";
import { missingMailer, printingMailer, smtpMailer } from "./mail.ts";
import { type MailSink, startMailSink } from "./mail-sink.fixture.ts";

let sink: MailSink;
beforeAll(async () => {
  sink = await startMailSink();
});
afterAll(() => sink.close());

const mail = {
  to: "max@example.org",
  subject: "Confirm your e-mail address",
  text: `Hello Max,\n\nhttps://pitwall.test/links/verify-email#${"x".repeat(90)}\n`,
};

test("a mail goes through a mail server as it was written, long links included", async () => {
  await sink.mailer.send(mail);
  const received = await sink.mailTo("max@example.org", /Confirm/);
  expect(received).toMatchObject({ from: "no-reply@pitwall.test", subject: mail.subject, token: "x".repeat(90) });
  expect(received.text.trim()).toBe(mail.text.trim());
});

test("nobody slips in another recipient or another header", async () => {
  await sink.mailer.send({ ...mail, to: "eve@example.org", subject: "Hello\r\nBcc: all@example.org" });
  await sink.mailTo("eve@example.org", /Hello/);
  expect(sink.received.some(({ to }) => to === "all@example.org")).toBe(false);
});

test("a mail server that is away is a failure to whoever sends", async () => {
  const away = smtpMailer({ url: "smtp://127.0.0.1:1", from: "no-reply@pitwall.test" });
  await expect(away.send(mail)).rejects.toThrow("ECONNREFUSED");
});

test("a local start shows the whole mail, so that its link can be followed", async () => {
  const printed: string[] = [];
  await printingMailer((text) => printed.push(text)).send(mail);
  expect(printed.join("")).toContain(`https://pitwall.test/links/verify-email#${"x".repeat(90)}`);
  expect(printed.join("")).toContain("Mail to max@example.org: Confirm your e-mail address");
});

test("without a mail server the log hears of the mail, and nothing of what was in it", async () => {
  const heard: unknown[] = [];
  const hear = (message: string, facts?: object) => void heard.push(message, facts);
  await missingMailer({ info: hear, warn: hear, error: hear }).send(mail);
  expect(heard).toHaveLength(2);
  expect(JSON.stringify(heard)).not.toMatch(/max|xxx/);
});
