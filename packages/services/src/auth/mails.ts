import type { AccountContext, Mail } from "../context.ts";
import { afterwards } from "../internal/afterwards.ts";

interface Addressed {
  readonly username: string;
  readonly email: string;
}

/** Sends a mail without waiting for it. Only once the transaction that it tells of is committed. */
export function post(ctx: AccountContext, mail: Mail): void {
  afterwards(ctx, "sending a mail", () => ctx.mailer.send(mail));
}

// A browser keeps what follows the # to itself: a token stands in no server's log, and in no Referer.

export function resetMail(ctx: AccountContext, { username, email }: Addressed, token: string): Mail {
  return {
    to: email,
    subject: "Choose a new password for Pitwall",
    text: `Hello ${username},

somebody asked for a new password for your account. If it was you, choose one here within an hour:

${ctx.publicUrl}/links/reset-password#${token}

If it was not you, there is nothing to do: your password stays as it is.
`,
  };
}

export function verificationMail(ctx: AccountContext, { username, email }: Addressed, token: string): Mail {
  return {
    to: email,
    subject: "Confirm your e-mail address for Pitwall",
    text: `Hello ${username},

an account was opened with this e-mail address. If it is yours, confirm it here within a day:

${ctx.publicUrl}/links/verify-email#${token}

If you know nothing of it, there is nothing to do.
`,
  };
}

/** To the address that the account is to have. */
export function changeMail(ctx: AccountContext, { username, email }: Addressed, token: string): Mail {
  return {
    to: email,
    subject: "Confirm your new e-mail address for Pitwall",
    text: `Hello ${username},

your account is to have this e-mail address from now on. Confirm it here within an hour:

${ctx.publicUrl}/links/verify-email#${token}

Until then nothing changes. If you know nothing of it, there is nothing to do.
`,
  };
}

/** To the address that the account still has. */
export function changeNotice({ username, email }: Addressed): Mail {
  return {
    to: email,
    subject: "Your e-mail address for Pitwall is about to change",
    text: `Hello ${username},

somebody who knows your password asked for another e-mail address for your account. It changes once the link that went
to the new address is used.

If it was not you, change your password now: that makes the link useless.
`,
  };
}

export function passwordNotice({ username, email }: Addressed): Mail {
  return {
    to: email,
    subject: "Your password for Pitwall was changed",
    text: `Hello ${username},

your account has a new password from now on, and was signed out everywhere else.

If it was not you, ask for a new password at once: the link comes to this address.
`,
  };
}
