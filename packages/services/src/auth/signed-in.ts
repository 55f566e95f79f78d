import type { AccountContext } from "../context.ts";
import type { OwnProfile } from "../internal/profiles.ts";
import type { OpenSession } from "./sessions.ts";

export interface SignedIn {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly tokenType: "bearer";
  /** Of the access token, in seconds. */
  readonly expiresIn: number;
  readonly user: OwnProfile;
}

export async function signedIn(
  ctx: AccountContext,
  { sessionId, refreshToken }: OpenSession,
  user: OwnProfile,
): Promise<SignedIn> {
  const { accessTokens } = ctx.auth;
  const accessToken = await accessTokens.sign({ userId: user.id, sessionId });
  return { accessToken, refreshToken, tokenType: "bearer", expiresIn: accessTokens.lifetime, user };
}
