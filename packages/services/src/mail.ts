import { SECOND } from "@pitwall/domain/durations";
import { createTransport, type Transporter } from "nodemailer";
import { z } from "zod";
import type { Log, Mail, Mailer } from "./context.ts";

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

const SAFE = { disableFileAccess: true, disableUrlAccess: true };

/** Hands each mail to an SMTP server, on a connection of its own: what is not for many is few. */
export function smtpMailer(settings: SmtpSettings): Mailer {
  const { url } = settings;
  const transport = createTransport({ url, ...PATIENCE, ...SAFE });
  return {
    send: (mail) => handOver(transport, settings, mail),
    forMany(maxConnections) {
      const pool = createTransport({ url, ...PATIENCE, ...SAFE, pool: true, maxConnections, maxRequeues: 1 });
      return { send: (mail) => handOver(pool, settings, mail), close: () => pool.close() };
    },
  };
}

async function handOver(
  transport: Pick<Transporter, "sendMail">,
  { from }: SmtpSettings,
  { to, subject, text, id }: Mail,
): Promise<void> {
  const domain = /@([\w.-]+)/.exec(from)?.[1] ?? "pitwall";
  await transport.sendMail({
    from,
    to: { name: "", address: to },
    subject,
    text,
    ...(id !== undefined && { messageId: `<${id}@${domain}>` }),
    headers: { "Auto-Submitted": "auto-generated" },
  });
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

/** An address alone, or behind a name: Pitwall <no-reply@example.org>. */
const sender = z
  .string()
  .refine(
    (value) => z.email().safeParse(/^[^<>\r\n]*<([^<>]+)>$/.exec(value)?.[1] ?? value).success,
    "is to be like no-reply@example.org or Pitwall <no-reply@example.org>",
  );

/** The variables of whatever sends mails. */
export const mailVariables = {
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: "is to be like https://pitwall.example.org" }).optional(),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: "is to be like smtps://user:password@mail.example.org:465" })
    .optional(),
  MAIL_FROM: sender.optional(),
};

interface MailVariables {
  readonly SMTP_URL?: string | undefined;
  readonly MAIL_FROM?: string | undefined;
  readonly PUBLIC_URL?: string | undefined;
}

/** Undefined where no mail server is known. */
export function smtpOf({
  SMTP_URL: url,
  MAIL_FROM: from,
  PUBLIC_URL: publicUrl,
}: MailVariables): SmtpSettings | undefined {
  const domain = publicUrl ? new URL(publicUrl).hostname : "localhost";
  return url ? { url, from: from ?? `Pitwall <no-reply@${domain}>` } : undefined;
}

/** Where people reach the server, without a slash at the end. */
export function publicUrlOf({ PUBLIC_URL }: MailVariables): string | undefined {
  return PUBLIC_URL?.replace(/\/+$/, "");
}
