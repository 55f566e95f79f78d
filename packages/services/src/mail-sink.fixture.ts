import { once } from "node:events";
import { text } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";
import type { Mailer } from "./context.ts";
import { smtpMailer } from "./mail.ts";

export interface ReceivedMail {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** Its Message-ID. */
  readonly id: string;
  /** What a link in it ends with; empty without one. */
  readonly token: string;
}

export interface MailSink {
  readonly url: string;
  /** Sends to this sink. */
  readonly mailer: Mailer;
  readonly received: readonly ReceivedMail[];
  /** The mail of this subject to an address that came last, once there are so many. */
  mailTo(address: string, subject: RegExp, many?: number): Promise<ReceivedMail>;
  close(): Promise<void>;
}

/** A mail server on loopback that keeps whatever it is sent, for all addresses but those that it knows better. */
export async function startMailSink({
  refuses = [],
}: {
  readonly refuses?: readonly string[];
} = {}): Promise<MailSink> {
  const received: ReceivedMail[] = [];
  const waiting = new Set<() => void>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    onRcptTo({ address }, _session, done) {
      const refusal = Object.assign(new Error(`<${address}>: nobody of this name`), { responseCode: 550 });
      done(refuses.includes(address) ? refusal : null);
    },
    onData(stream, { envelope }, done) {
      text(stream).then((raw) => {
        const from = envelope.mailFrom ? envelope.mailFrom.address : "";
        for (const { address } of envelope.rcptTo) received.push({ from, to: address, ...readMail(raw) });
        done();
        for (const look of waiting) look();
      }, done);
    },
  });
  // Whoever is killed hangs up without a word.
  server.on("error", () => undefined);
  const listener = server.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address();
  const url = `smtp://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  return {
    url,
    mailer: smtpMailer({ url, from: "Pitwall <no-reply@pitwall.test>" }),
    received,
    mailTo(to, subject, many = 1) {
      return new Promise((resolve) => {
        const look = () => {
          const found = received.filter((mail) => mail.to === to && subject.test(mail.subject));
          const last = found.at(-1);
          if (!last || found.length < many) return;
          waiting.delete(look);
          resolve(last);
        };
        waiting.add(look);
        look();
      });
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function readMail(raw: string) {
  const [head = "", ...rest] = raw.split("\r\n\r\n");
  const [, subject = ""] = /^Subject: (.*(?:\r\n\s.*)*)$/m.exec(head) ?? [];
  const body = rest.join("\r\n\r\n");
  const text = /quoted-printable/i.test(head)
    ? body
        .replace(/=\r\n/g, "")
        .replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : body;
  const [, id = ""] = /^Message-ID: (\S+)$/im.exec(head) ?? [];
  const [, token = ""] = /\/links\/[\w-]+#(\S+)/.exec(text) ?? [];
  return { subject: subject.replace(/\r\n\s/g, " "), text: text.replaceAll("\r\n", "\n"), id, token };
}
