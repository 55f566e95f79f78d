import { DomainError } from "@pitwall/domain/domain-error";
import type { SignedIn } from "@pitwall/services/auth/signed-in";

/** Where a browser keeps the tokens of a sign-in by cookie. The prefix binds them to this one host, and to TLS. */
export const ACCESS_COOKIE = "__Host-pitwall_access";
export const REFRESH_COOKIE = "__Host-pitwall_refresh";

/** The cookies of whoever asks, which an answer may change. */
export interface SessionCookies {
  /** It is one of them that says who speaks. */
  readonly nameSpeaker: boolean;
  readonly refreshToken: string | null;
  /** Refuses a page that may not be signed in by them. */
  admit(): void;
  keep(tokens: Pick<SignedIn, "accessToken" | "refreshToken">): void;
  clear(): void;
}

/** A sign-in as it is answered. By cookie both tokens are empty: no script gets to see them. */
export type SignInAnswer = Omit<SignedIn, "tokenType"> & { readonly tokenType: "bearer" | "cookie" };

/** How the tokens of a sign-in travel; found out before there are any, so that nothing is done that cannot be answered. */
export function deliveryOf(cookies: SessionCookies | null, byCookie: boolean): (signedIn: SignedIn) => SignInAnswer {
  if (!byCookie) return (signedIn) => signedIn;
  if (!cookies)
    throw new DomainError("malformed", "auth.no_cookies_here", "There are no cookies here. Sign in without them.");
  cookies.admit();
  return (signedIn) => {
    cookies.keep(signedIn);
    return { ...signedIn, tokenType: "cookie", accessToken: "", refreshToken: "" };
  };
}

/** The session of these cookies is over, if it is theirs that the speaker has ended. */
export function forgetSession(cookies: SessionCookies | null): void {
  if (cookies?.nameSpeaker) cookies.clear();
}

/** Changes the tokens in the cookies for the next. Those that are of no use any more are taken away. */
export async function refreshByCookie(
  cookies: SessionCookies | null,
  refresh: (refreshToken: string) => Promise<SignedIn>,
): Promise<SignInAnswer> {
  const refreshToken = cookies?.refreshToken ?? null;
  if (!cookies || refreshToken === null)
    throw new DomainError(
      "malformed",
      "auth.no_refresh_token",
      "Send a refresh token, or ask with the cookies of a sign-in.",
    );
  const deliver = deliveryOf(cookies, true);
  try {
    return deliver(await refresh(refreshToken));
  } catch (error) {
    // A twin that won the race has just set better ones.
    if (error instanceof DomainError && error.kind === "unauthenticated" && error.reason !== "auth.refresh_raced")
      cookies.clear();
    throw error;
  }
}
