import { createHmac, randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createAccessTokens } from "./access-tokens.ts";

const settings = {
  jwtSecret: "a secret of more than thirty-two bytes",
  issuer: "https://pitwall.test",
  audience: "pitwall",
};
/** One that has seen nothing yet. */
const fresh = () => createAccessTokens(settings);
const session = { userId: randomUUID(), sessionId: randomUUID() };

const now = () => Math.floor(Date.now() / 1000);
const header = { alg: "HS256", typ: "JWT" };
const claims = () => ({
  iss: settings.issuer,
  aud: settings.audience,
  typ: "access",
  sub: session.userId,
  sid: session.sessionId,
  jti: "one",
  iat: now(),
  exp: now() + 1800,
});

function part(value: unknown): string {
  return Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
}

/** A token that is signed as it must be, whatever it says. */
function signed(head: unknown, payload: unknown, hash = "sha256", secret = settings.jwtSecret): string {
  const text = `${part(head)}.${part(payload)}`;
  return `${text}.${createHmac(hash, secret).update(text).digest("base64url")}`;
}

function without(claim: keyof ReturnType<typeof claims>): object {
  return Object.fromEntries(Object.entries(claims()).filter(([name]) => name !== claim));
}

test("a token says for which session it was made, for half an hour", async () => {
  const tokens = fresh();
  const token = await tokens.sign(session);
  expect(tokens.verify(token)).toEqual(session);
  const payload = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
  expect(payload.exp - payload.iat).toBe(1800);
  expect(tokens.lifetime).toBe(1800);
});

test("no two tokens are the same", async () => {
  expect(await fresh().sign(session)).not.toBe(await fresh().sign(session));
});

test("takes a token that is made by hand as ours are", async () => {
  expect(fresh().verify(signed(header, claims()))).toEqual(session);
});

test("takes a token of another process, whose clock is a little ahead", async () => {
  expect(fresh().verify(signed(header, { ...claims(), iat: now() + 60 }))).toEqual(session);
});

test("takes a token from the second on that it names", async () => {
  expect(fresh().verify(signed(header, { ...claims(), nbf: now() }))).toEqual(session);
});

test("is over once its time is, though it was taken before", async () => {
  const tokens = fresh();
  const token = signed(header, { ...claims(), exp: now() + 2 });
  expect(tokens.verify(token)).toEqual(session);
  await expect.poll(() => tokens.verify(token), { timeout: 5_000 }).toBeNull();
});

test("refuses to begin with a secret under 32 bytes", () => {
  const beginWith = (length: number) => () => createAccessTokens({ ...settings, jwtSecret: "x".repeat(length) });
  expect(beginWith(31)).toThrow(/^the JWT secret needs at least 32 bytes$/);
  expect(beginWith(32)).not.toThrow();
});

describe("a header that is not ours", () => {
  test.each([
    ["no algorithm", { alg: "none", typ: "JWT" }],
    ["another spelling of none", { alg: "None" }],
    ["another algorithm", { alg: "HS512", typ: "JWT" }],
    ["an algorithm with keys", { alg: "RS256", typ: "JWT" }],
    ["a key path", { ...header, kid: "../../dev/null" }],
    ["a key of its own", { ...header, jwk: { kty: "oct", k: "AA" } }],
    ["a key address", { ...header, jku: "https://evil.test/keys" }],
    ["a certificate address", { ...header, x5u: "https://evil.test/cert" }],
    ["an extension that must be understood", { ...header, crit: ["exp"] }],
    ["another type", { alg: "HS256", typ: "at+jwt" }],
    ["a list", ["HS256"]],
    ["broken JSON", "{"],
    ["null", null],
  ])("%s is refused", async (_, head) => {
    expect(fresh().verify(signed(head, claims()))).toBeNull();
  });

  test("a token really signed with HS512 is refused", async () => {
    expect(fresh().verify(signed({ ...header, alg: "HS512" }, claims(), "sha512"))).toBeNull();
  });
});

describe("claims that are not ours", () => {
  test.each(["iss", "aud", "typ", "sub", "sid", "jti", "iat", "exp"] as const)(
    "a token without %s is refused",
    async (claim) => {
      expect(fresh().verify(signed(header, without(claim)))).toBeNull();
    },
  );

  test.each([
    ["an empty jti", { jti: "" }],
    ["another issuer", { iss: "https://evil.test" }],
    ["another audience", { aud: "somebody else" }],
    ["a list of audiences", { aud: [settings.audience, "somebody else"] }],
    ["another type", { typ: "refresh" }],
    ["a subject that is no id", { sub: "' or 1=1" }],
    ["a session that is no id", { sid: "1" }],
  ])("%s is refused", async (_, wrong) => {
    expect(fresh().verify(signed(header, { ...claims(), ...wrong }))).toBeNull();
  });

  test.each([
    ["a text for exp", () => ({ exp: String(now() + 60) })],
    ["a fraction for exp", () => ({ exp: now() + 60.5 })],
    ["a past exp", () => ({ exp: now() - 1 })],
    ["this very second for exp", () => ({ exp: now() })],
    ["a future nbf", () => ({ nbf: now() + 60 })],
    ["a birth in the future", () => ({ iat: now() + 90 })],
  ])("%s is refused", async (_, wrong) => {
    expect(fresh().verify(signed(header, { ...claims(), ...wrong() }))).toBeNull();
  });

  test.each(["exp", "iat", "nbf"])("an endless %s is refused", async (claim) => {
    const endless = JSON.stringify({ ...claims(), [claim]: 0 }).replace(`"${claim}":0`, `"${claim}":1e400`);
    expect(fresh().verify(signed(header, endless))).toBeNull();
  });

  test.each(["[]", "null", "7", "{", ""])("the payload %j is refused", async (payload) => {
    expect(fresh().verify(signed(header, payload))).toBeNull();
  });
});

describe("a text that is no token", () => {
  const good = signed(header, claims());
  const [head = "", payload = "", signature = ""] = good.split(".");

  test.each([
    ["nothing", ""],
    ["one part", head],
    ["two parts", `${head}.${payload}`],
    ["four parts", `${good}.${signature}`],
    ["no signature", `${head}.${payload}.`],
    ["another's signature", signed(header, claims(), "sha256", "another secret of more than thirty-two bytes")],
    ["a changed payload", `${head}.${part({ ...claims(), sub: randomUUID() })}.${signature}`],
    ["other letters", "%%%.%%%.%%%"],
    ["a space before", ` ${good}`],
    ["a line after", `${good}\n`],
    ["eight megabytes", "e".repeat(8 * 1024 * 1024)],
  ])("%s is refused", async (_, text) => {
    expect(fresh().verify(text)).toBeNull();
  });

  test("no token is longer than four kibibytes", async () => {
    const ofLength = (length: number) => {
      const room = Math.floor(((length - signed(header, { ...claims(), more: "" }).length) * 3) / 4);
      return signed(header, { ...claims(), more: "x".repeat(room) });
    };
    expect(ofLength(4096)).toHaveLength(4096);
    expect(fresh().verify(ofLength(4096))).toEqual(session);
    expect(fresh().verify(ofLength(4098))).toBeNull();
  });

  test("no second spelling of a good token is taken", async () => {
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=";
    const others = [...letters]
      .map((letter) => good.slice(0, -1) + letter)
      .concat(`${good}=`, good.replaceAll("-", "+").replaceAll("_", "/"));
    const tokens = fresh();
    for (const other of others.filter((text) => text !== good)) expect(tokens.verify(other)).toBeNull();
    expect(tokens.verify(good)).toEqual(session);
  });
});
