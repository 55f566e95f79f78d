import { type Db, withTx } from "@pitwall/db/database";
import { sessions, users } from "@pitwall/db/schema";
import { usernameFaults } from "@pitwall/domain/accounts";
import { DomainError } from "@pitwall/domain/domain-error";
import { and, eq, sql } from "drizzle-orm";
import type { AccountContext } from "../context.ts";
import { sha256 } from "../internal/digests.ts";
import { endSessions } from "../internal/end-sessions.ts";
import { insertUser, refuseTaken } from "../internal/new-users.ts";
import { passwordFaults } from "../internal/password-rules.ts";
import { type Places, prepared } from "../internal/prepared.ts";
import { ownProfile } from "../internal/profiles.ts";
import { sessionIdOf, speakerId } from "../internal/speaker.ts";
import { admitAttempt } from "./attempts.ts";
import { openLink } from "./links.ts";
import { post, verificationMail } from "./mails.ts";
import { rotateSession } from "./rotation.ts";
import { openSession, spentTokenOf } from "./sessions.ts";
import { type SignedIn, signedIn } from "./signed-in.ts";
import { UNANSWERED_FOR } from "./twins.ts";

export interface Registration {
  readonly username: string;
  readonly email: string;
  readonly password: string;
  readonly fullName?: string | undefined;
}

/** Opens an account, signs its owner in, and mails a link that confirms the address. */
export async function register(ctx: AccountContext, input: Registration): Promise<SignedIn> {
  const faults = [...usernameFaults(input.username), ...passwordFaults(input.password, input)];
  if (faults.length > 0)
    throw new DomainError("malformed", "auth.invalid_registration", faults.map(({ message }) => message).join(" "), {
      faults,
    });
  await refuseTaken(ctx.db, input);
  const { username, email, fullName } = input;
  const passwordHash = await ctx.auth.passwords.hash(input.password);
  const { session, user, token } = await withTx(ctx.db, async (db) => {
    const user = await insertUser(db, { username, email, fullName, passwordHash });
    const token = await openLink(db, { userId: user.id, purpose: "verify_email", email });
    return { session: await openSession(db, user.id, ctx.actor), user, token };
  });
  ctx.log.info("an account was opened", { userId: user.id, sessionId: session.sessionId });
  post(ctx, verificationMail(ctx, user, token));
  return signedIn(ctx, session, user);
}

interface Credentials {
  readonly login: string;
  readonly password: string;
}

/**
 * Signs in with a username or an e-mail address. Who is unknown, has another password or was deactivated gets the same
 * answer in the same time. In a rush whoever will get no turn hears it before anything is asked or counted.
 */
export function login(ctx: AccountContext, input: Credentials): Promise<SignedIn> {
  return ctx.auth.passwords.admit(() => signIn(ctx, input));
}

async function signIn(ctx: AccountContext, input: Credentials): Promise<SignedIn> {
  const [found] = await accountNamed(ctx.db, { login: input.login });
  const userId = found?.profile.id ?? null;
  const attempt = await admitAttempt(ctx, input.login, userId);
  const isRight = await ctx.auth.passwords.matches(found?.passwordHash ?? null, input.password);
  if (!found || !isRight || !found.isActive) {
    ctx.log.info("a sign-in failed", { userId, wasPasswordRight: isRight });
    throw wrongCredentials();
  }
  const passwordHash = await renewedHash(ctx, found.profile.id, found.passwordHash, input.password);
  const session = await withTx(ctx.db, async (db) => {
    if (!(await stillOpens(db, found.profile.id, passwordHash))) throw wrongCredentials();
    return openSession(db, found.profile.id, ctx.actor);
  });
  await attempt.wasRight();
  ctx.log.info("somebody signed in", { userId, sessionId: session.sessionId });
  return signedIn(ctx, session, found.profile);
}

const accountNamed = prepared("account_named", (db, { login }: Places<{ login: string }>) =>
  db
    .select({ profile: ownProfile, passwordHash: users.passwordHash, isActive: users.isActive })
    .from(users)
    .where(sql`lower(${users.username}) = lower(${login}) or lower(${users.email}) = lower(${login})`),
);

function wrongCredentials(): DomainError {
  return new DomainError(
    "unauthenticated",
    "auth.wrong_credentials",
    "That is not the name and password of an account. Try again.",
  );
}

/**
 * Brings an old hash to today's cost, unless the password was changed meanwhile, and answers the one that holds. In a rush
 * the next sign-in will do.
 */
async function renewedHash(ctx: AccountContext, userId: string, old: string, password: string): Promise<string> {
  if (!ctx.auth.passwords.isOutdated(old)) return old;
  try {
    const passwordHash = await ctx.auth.passwords.hash(password);
    await ctx.db
      .update(users)
      .set({ passwordHash })
      .where(and(eq(users.id, userId), eq(users.passwordHash, old)));
    return passwordHash;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return old;
  }
}

/**
 * Whether a password that was right when it was looked at still is. Whoever changes it, or locks its owner out, waits for
 * the caller's transaction, and then ends the session that was opened in it.
 */
async function stillOpens(tx: Db, userId: string, passwordHash: string): Promise<boolean> {
  const found = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.id, userId), eq(users.passwordHash, passwordHash), users.isActive))
    .for("share");
  return found.length > 0;
}

/**
 * Changes a refresh token for the next, once. Using a spent one ends the session, since a thief and the owner cannot be
 * told apart; only a request that came before the answer to its winning twin had left is let off with a refusal.
 */
export async function refresh(ctx: AccountContext, input: { readonly refreshToken: string }): Promise<SignedIn> {
  const { arrivedAt = performance.now() } = ctx;
  const digest = sha256(input.refreshToken);
  const rotated = await rotateSession(ctx.db, digest, ctx.actor);
  if (rotated) return ctx.auth.twins.answer(digest, () => signedIn(ctx, rotated, rotated.user));
  const arrivedFor = performance.now() - arrivedAt;
  const spent = await spentTokenOf(ctx.db, digest);
  if (!spent) throw new DomainError("unauthenticated", "auth.session_over", "This session is over. Sign in again.");
  if (ctx.auth.twins.cameInTime(digest, arrivedAt) || spent.spentFor - arrivedFor < UNANSWERED_FOR)
    throw new DomainError(
      "unauthenticated",
      "auth.refresh_raced",
      "Another request has just refreshed this session. Go on with the tokens that it got.",
    );
  await endSessions(ctx.db, eq(sessions.family, spent.sessionId));
  await ctx.auth.bearers.revoked(ctx, spent.userId);
  ctx.log.warn("a spent refresh token came back; its session is ended", {
    userId: spent.userId,
    sessionId: spent.sessionId,
  });
  throw new DomainError(
    "unauthenticated",
    "auth.refresh_reused",
    "This session was ended, since one of its tokens was used twice. Sign in again.",
  );
}

/** Ends the session that the speaker bears, its access tokens included. */
export async function logout(ctx: AccountContext): Promise<void> {
  const userId = speakerId(ctx.actor);
  const sessionId = sessionIdOf(ctx.actor);
  if (sessionId === null) return;
  await endSessions(ctx.db, and(eq(sessions.family, sessionId), eq(sessions.userId, userId)));
  await ctx.auth.bearers.revoked(ctx, userId);
  ctx.log.info("a session was ended", { userId, sessionId });
}

/** Ends all of the speaker's sessions, this one included. */
export async function logoutAll(ctx: AccountContext): Promise<void> {
  const userId = speakerId(ctx.actor);
  await endSessions(ctx.db, eq(sessions.userId, userId));
  await ctx.auth.bearers.revoked(ctx, userId);
  ctx.log.info("all sessions of an account were ended", { userId });
}
