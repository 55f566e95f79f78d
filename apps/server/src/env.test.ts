import { describe, expect, test } from "vitest";
import { readEnv } from "./env.ts";

const fine = {
  DATABASE_URL: "postgres://pitwall:pitwall@localhost:5432/pitwall",
  JWT_SECRET: "PZ0Z2u6mYy1xKq0mV3n8c5b7a9d1e2f4",
};

describe("the environment", () => {
  test("needs a database and a secret, and has a default for all else", () => {
    expect(readEnv({}, fine)).toMatchObject({
      host: "0.0.0.0",
      port: 3000,
      corsOrigins: [],
      trustedProxies: [],
      logLevel: "info",
      isProduction: false,
    });
  });

  test("is read over defaults of the caller's own, and an empty variable is not set", () => {
    const env = readEnv(
      { ...fine, HOST: "127.0.0.1", PORT: "4000" },
      { PORT: "5000", HOST: "", NODE_ENV: "production" },
    );
    expect(env).toMatchObject({ host: "127.0.0.1", port: 5000, isProduction: true });
  });

  test("splits lists, and takes the slash off the public address", () => {
    const env = readEnv(fine, {
      CORS_ORIGINS: "https://a.example, https://b.example:8443",
      TRUSTED_PROXIES: "10.0.0.0/8,::1",
      PUBLIC_URL: "https://pitwall.example.org/",
    });
    expect(env).toMatchObject({
      corsOrigins: ["https://a.example", "https://b.example:8443"],
      trustedProxies: ["10.0.0.0/8", "::1"],
      publicUrl: "https://pitwall.example.org",
    });
  });

  test("makes an admin of a name and a password", () => {
    expect(readEnv(fine, { ADMIN_USERNAME: "admin", ADMIN_PASSWORD: "Correct-Horse-7" }).admin).toEqual({
      username: "admin",
      password: "Correct-Horse-7",
      email: "admin@localhost",
    });
    expect(() => readEnv(fine, { ADMIN_USERNAME: "boss" })).toThrow("ADMIN_PASSWORD");
  });

  test("knows a mail server, and a sender at the public address unless one is named", () => {
    const SMTP_URL = "smtps://pitwall:secret@mail.example.org";
    expect(readEnv(fine, {}).smtp).toBeUndefined();
    expect(readEnv(fine, { SMTP_URL, PUBLIC_URL: "https://game.example.org:8443" }).smtp).toEqual({
      url: SMTP_URL,
      from: "Pitwall <no-reply@game.example.org>",
    });
    for (const MAIL_FROM of ["post@example.org", "The Pit Wall <post@example.org>"])
      expect(readEnv(fine, { SMTP_URL, MAIL_FROM }).smtp?.from).toBe(MAIL_FROM);
    for (const MAIL_FROM of ["post", "A <a@example.org>, B <b@example.org>", "A\r\nBcc: <b@example.org>"])
      expect(() => readEnv(fine, { SMTP_URL, MAIL_FROM })).toThrow("MAIL_FROM");
    expect(() => readEnv(fine, { SMTP_URL: "mail.example.org" })).toThrow("SMTP_URL");
  });

  test("tells every fault at once", () => {
    const wrong = {
      DATABASE_URL: "mysql://x",
      PORT: "70000",
      CORS_ORIGINS: "example.org",
      TRUSTED_PROXIES: "10.0.0.0/33",
      LOG_LEVEL: "loud",
      ADMIN_USERNAME: "a!",
      ADMIN_PASSWORD: "hunter2",
    };
    expect(() => readEnv({}, wrong)).toThrow(
      /DATABASE_URL[\s\S]*LOG_LEVEL[\s\S]*PORT[\s\S]*JWT_SECRET[\s\S]*CORS_ORIGINS: [\s\S]*TRUSTED_PROXIES: [\s\S]*ADMIN_USERNAME: Use at least 3 [\s\S]*ADMIN_PASSWORD: Use at least 8 /,
    );
    expect(() => readEnv({}, wrong)).not.toThrow(/hunter2/);
  });

  test.each(["", "short", "x".repeat(64), "abcabcabcabcabcabcabcabcabcabcabcabc"])(
    "takes no secret that can be guessed: %j",
    (JWT_SECRET) => {
      expect(() => readEnv({}, { ...fine, JWT_SECRET })).toThrow("JWT_SECRET");
    },
  );
});
