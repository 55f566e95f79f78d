import { sendMails } from "@pitwall/services/notifications/mailing";
import type { Task } from "./context.ts";

/** Without a mail server nothing waits for one: what is told is in everybody's inbox. */
export const sendMailsTask: Task<"send-mails"> = async (ctx) => {
  const { mailer, publicUrl } = ctx;
  if (mailer === null) return;
  const mailed = await sendMails({ ...ctx, mailer, publicUrl });
  if (mailed === null) ctx.log.info("mails are being sent already");
  else if (mailed.sent + mailed.refused + mailed.failed > 0) ctx.log.info("mails were sent", { ...mailed });
};
