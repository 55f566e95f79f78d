import { createHmac, createSecretKey, randomUUID, timingSafeEqual } from "node:crypto";
import { recent } from "@pitwall/cache/recent";
import { MINUTE, SECOND } from "@pitwall/domain/durations";
import { createJWT } from "oslo/jwt";
import { z } from "zod";

/** The session that an access token speaks for, and whose it is. */
export interface SessionRef {
  readonly userId: string;
  readonly sessionId: string;
}

export interface AccessTokens {
  /** In seconds. */
  readonly lifetime: number;
  sign(session: SessionRef): Promise<string>;
  /** What a token of ours says, or null for every other text there is. Whether the session still lives is not asked here. */
  verify(token: string): SessionRef | null;
}

export interface AccessTokenSettings {
  readonly jwtSecret: string;
  readonly issuer: string;
  readonly audience: string;
}

const LIFETIME = (30 * MINUTE) / SECOND;
/** By how many seconds the clock of another process of ours may be ahead. */
const SKEW = MINUTE / SECOND;

const LONGEST_TOKEN = 4096;
const SHORTEST_SECRET = 32;

const MANY_PROVEN = 10_000;

/** Nothing but these: a header that names a key (jwk, jku, kid, x5u) or asks for more (crit) is not of our making. */
const headerOfOurs = z.strictObject({ alg: z.literal("HS256"), typ: z.literal("JWT").optional() });

export function createAccessTokens({ jwtSecret, issuer, audience }: AccessTokenSettings): AccessTokens {
  const key = new TextEncoder().encode(jwtSecret);
  if (key.byteLength < SHORTEST_SECRET) throw new RangeError(`the JWT secret needs at least ${SHORTEST_SECRET} bytes`);
  const claimsOfOurs = z.object({
    iss: z.literal(issuer),
    aud: z.literal(audience),
    typ: z.literal("access"),
    sub: z.uuid(),
    sid: z.uuid(),
    jti: z.string().min(1),
    iat: z.int(),
    exp: z.int(),
    nbf: z.int().optional(),
  });
  type Claims = z.infer<typeof claimsOfOurs>;
  const secret = createSecretKey(key);
  /** What was proven of a text stays so: only whether it is over is asked again. */
  const proven = recent<string, Claims>(MANY_PROVEN);

  /** By Node's own HMAC: the library imports the key anew for each token and asks another thread, which takes five times as long. */
  function prove(token: string): Claims | null {
    const parts = token.length > LONGEST_TOKEN ? [] : token.split(".").map(bytesOf);
    const [header, payload, signature] = parts;
    if (!header || !payload || !signature || parts.length !== 3) return null;
    const expected = createHmac("sha256", secret)
      .update(token.slice(0, token.lastIndexOf(".")))
      .digest();
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) return null;
    if (!headerOfOurs.safeParse(parsed(header)).success) return null;
    const claims = claimsOfOurs.safeParse(parsed(payload)).data;
    if (!claims) return null;
    proven.set(token, claims);
    return claims;
  }

  return {
    lifetime: LIFETIME,
    sign({ userId, sessionId }) {
      const iat = secondsNow();
      const claims = {
        iss: issuer,
        aud: audience,
        typ: "access",
        sub: userId,
        sid: sessionId,
        jti: randomUUID(),
        iat,
        exp: iat + LIFETIME,
      };
      return createJWT("HS256", key, claims);
    },
    verify(token) {
      const claims = proven.get(token) ?? prove(token);
      const now = secondsNow();
      if (!claims || claims.exp <= now || claims.iat > now + SKEW || (claims.nbf ?? 0) > now) return null;
      return { userId: claims.sub, sessionId: claims.sid };
    },
  };
}

/** Null unless it is in the one canonical spelling, so that no token has two. */
function bytesOf(part: string): Buffer | null {
  const bytes = Buffer.from(part, "base64url");
  return bytes.toString("base64url") === part ? bytes : null;
}

function parsed(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString());
  } catch {
    return null;
  }
}

function secondsNow(): number {
  return Math.floor(Date.now() / SECOND);
}
