import { SECOND } from "@pitwall/domain/durations";
import { createTransport } from "nodemailer";
import type { Log, Mailer } from "./context.ts";

export interface SmtpSettings {
  /** As `smtps://user:password@host`. A query sets what else nodemailer knows: `?requireTLS=true`. */
  readonly url: string;
  /** An address, or a name and an address: `Pitwall <no-reply@example.org>`. */
  readonly from: string;
}

const PATIENCE = {
  dnsTimeout: 5 * SECOND,
  connectionTimeout: 5 * SECOND,
  greetingTimeout: 5 * SECOND,
  socketTimeout: 15 * SECOND,
};

/** Hands each mail to an SMTP server, on a connection of its own: mails are few. */
export function smtpMailer({ url, from }: SmtpSettings): Mailer {
  const transport = createTransport({ url, ...PATIENCE, disableFileAccess: true, disableUrlAccess: true });
  return {
    async send({ to, subject, text }) {
      await transport.sendMail({ from, to: { name: "", address: to }, subject, text });
    },
  };
}

/** Shows each mail to the person who started the game on their own machine, who may follow its links. */
export function printingMailer(print: (text: string) => void): Mailer {
  return {
    async send({ to, subject, text }) {
      const lines = [`Mail to ${to}: ${subject}`, "", ...text.trimEnd().split("\n")];
      print(`\n${lines.map((line) => `  │ ${line}`.trimEnd()).join("\n")}\n`);
    },
  };
}

/** Stands where no mail server is known. Its log hears that there was a mail, and nothing of what was in it. */
export function missingMailer(log: Log): Mailer {
  return {
    async send({ subject }) {
      log.warn("a mail was not sent, since SMTP_URL is not set", { subject });
    },
  };
}
