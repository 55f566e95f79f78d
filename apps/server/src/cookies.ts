import { ACCESS_COOKIE, REFRESH_COOKIE } from "@pitwall/api";
import { DAY, SECOND } from "@pitwall/domain/durations";
import { IDLE_DAYS } from "@pitwall/services/auth/sessions";

/** The tokens in a request's cookies. What cannot be one of ours, or comes twice, is "", a token that nobody ever got. */
export interface BorneTokens {
  readonly access: string | null;
  readonly refresh: string | null;
}

const NONE: BorneTokens = { access: null, refresh: null };

/** Reads our own cookies and no others, as they stand: tokens need no decoding, so nothing in them can fail. */
export function borneTokens(headers: Headers): BorneTokens {
  const said = headers.get("cookie");
  if (said === null) return NONE;
  // Spaces and tabs alone are put aside: some browsers let others set a name that begins with what trim() would take.
  const pairs = said.split(";").map((pair) => pair.replace(/^[ \t]+/, ""));
  return { access: tokenIn(pairs, ACCESS_COOKIE), refresh: tokenIn(pairs, REFRESH_COOKIE) };
}

function tokenIn(pairs: readonly string[], name: string): string | null {
  const [value, ...more] = pairs
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  if (value === undefined) return null;
  return more.length === 0 && /^[\w.-]+$/.test(value) ? value : "";
}

/** Whether the answer may be meant for one person alone. */
export function isPersonal(headers: Headers): boolean {
  return headers.has("authorization") || bearsCookies(borneTokens(headers));
}

export function bearsCookies({ access, refresh }: BorneTokens): boolean {
  return access !== null || refresh !== null;
}

/**
 * Both live as long as the refresh token may: an access token that is over is still sent, and its refusal tells the page to
 * refresh it.
 */
const LIFETIME = (IDLE_DAYS * DAY) / SECOND;

/** As `Set-Cookie` lines. */
export function keptCookies(tokens: { readonly accessToken: string; readonly refreshToken: string }): string[] {
  return [line(ACCESS_COOKIE, tokens.accessToken, LIFETIME), line(REFRESH_COOKIE, tokens.refreshToken, LIFETIME)];
}

export function clearedCookies(): string[] {
  return [line(ACCESS_COOKIE, "", 0), line(REFRESH_COOKIE, "", 0)];
}

function line(name: string, value: string, maxAge: number): string {
  return `${name}=${value}; Path=/; Max-Age=${maxAge}; Secure; HttpOnly; SameSite=Lax`;
}
