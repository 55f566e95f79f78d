import { alone } from "@pitwall/db/database";
import { SECOND } from "@pitwall/domain/durations";
import type { Mail, Mailer, ServiceContext } from "../context.ts";
import { ownWords } from "../internal/own-words.ts";
import { enqueue } from "../jobs.ts";
import { factsOf, failureOf, type MailFailure } from "./mail-failures.ts";
import { claimMail, fillOutbox, settleMail, unclaimMail, type WaitingMail, waitingMails } from "./outbox.ts";

export interface MailingContext extends ServiceContext {
  readonly mailer: Mailer;
  /** Where links lead, without a slash at the end; null where nobody knows. */
  readonly publicUrl: string | null;
}

export interface Mailed {
  readonly sent: number;
  readonly refused: number;
  readonly failed: number;
}

/** How long one job sends before it leaves the rest to another, so that a worker can stop between them. */
const AT_A_TIME = 15 * SECOND;

/** How many mails are on their way at once. Whoever is killed leaves so many of which nobody knows whether they arrived. */
const AT_ONCE = 4;

/**
 * Sends what people want to have by e-mail, one sender at a time. A mail is marked before it is sent and settled after: of
 * those that were on their way when a worker was killed each may come twice, and none is lost. Null: somebody is sending.
 */
export async function sendMails(ctx: MailingContext): Promise<Mailed | null> {
  const until = performance.now() + AT_A_TIME;
  const mailed = { sent: 0, refused: 0, failed: 0 };
  const isMore = await alone(ctx.db, "send mails", async () => {
    const many = ctx.mailer.forMany?.(AT_ONCE);
    try {
      return await sendAll({ ...ctx, mailer: many ?? ctx.mailer }, mailed, until);
    } finally {
      many?.close();
    }
  });
  if (isMore) await enqueue(ctx, "send-mails", {}, "send-mails");
  return isMore === undefined ? null : mailed;
}

type Tally = { -readonly [K in keyof Mailed]: number };

/** Answers whether there is more to be sent, and somebody to send it to. */
async function sendAll(ctx: MailingContext, mailed: Tally, until: number): Promise<boolean> {
  for (;;) {
    const batch = await waitingMails(ctx.db);
    if (batch.length === 0 && !(await fillOutbox(ctx.db))) return false;
    if (!(await sendBatch(ctx, batch, mailed, until))) return false;
    if (performance.now() >= until) return true;
  }
}

/** Answers whether the mail server is there. */
async function sendBatch(
  ctx: MailingContext,
  batch: readonly WaitingMail[],
  mailed: Tally,
  until: number,
): Promise<boolean> {
  const readers = [...new Set(batch.map(({ userId }) => userId))];
  const inOwnWords = await ownWords(ctx.db, [...new Map(batch.map((mail) => [mail.toldId, mail])).values()], readers);
  const queue = batch.values();
  let isThere = true;
  const send = async () => {
    for (const mail of queue) {
      if (!isThere || performance.now() >= until) return;
      const outcome = await sendOne(ctx, mail, inOwnWords(mail.userId, mail));
      if (outcome === "unreached" || outcome === "unknown") isThere = false;
      else if (outcome !== "taken") mailed[outcome] += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, send));
  return isThere;
}

type Outcome = "sent" | "taken" | MailFailure;

async function sendOne(ctx: MailingContext, waiting: WaitingMail, told: WaitingMail): Promise<Outcome> {
  if (!(await claimMail(ctx.db, waiting))) return "taken";
  try {
    await ctx.mailer.send(mailOf(told, ctx.publicUrl));
  } catch (error) {
    const facts = factsOf(error);
    ctx.log.warn("a mail was not sent", { toldId: waiting.toldId, userId: waiting.userId, ...facts });
    const failure = failureOf(facts);
    if (failure === "refused") await settleMail(ctx.db, waiting, "refused");
    if (failure === "unreached") await unclaimMail(ctx.db, waiting);
    return failure;
  }
  await settleMail(ctx.db, waiting, "sent");
  return "sent";
}

function mailOf({ toldId, userId, username, email, title, body, link }: WaitingMail, publicUrl: string | null): Mail {
  const isLinked = publicUrl !== null && link !== null;
  return {
    to: email,
    subject: title,
    // The same each time, so that a mail that comes twice is known for what it is.
    id: `${toldId}.${userId}`,
    text: `Hello ${username},

${body}
${isLinked ? `\n${publicUrl}${link}\n` : ""}
You have asked for mails of this kind. Your notification preferences${
      publicUrl === null
        ? ""
        : `,
${publicUrl}/api/v1/notifications/preferences,`
    } end them.
`,
  };
}
