import { ACCESS_COOKIE, REFRESH_COOKIE } from "@pitwall/api";
import { describe, expect, test } from "vitest";
import { borneTokens, clearedCookies, isPersonal, keptCookies } from "./cookies.ts";

function borne(cookie: string) {
  return borneTokens(new Headers({ cookie }));
}

describe("the cookies of a request", () => {
  test("hold our tokens among whatever else is there, as they stand", () => {
    const others = Array.from({ length: 200 }, (_, at) => `c${at}=${at}`).join("; ");
    expect(borne(`x=%; ${others}; \t ${ACCESS_COOKIE}=a.b-c_d; y="%E0%A4%A";${REFRESH_COOKIE}=Ref-1`)).toEqual({
      access: "a.b-c_d",
      refresh: "Ref-1",
    });
    expect(borneTokens(new Headers())).toEqual({ access: null, refresh: null });
  });

  test.for([
    "x=%",
    "=; ;;",
    ACCESS_COOKIE,
    `${ACCESS_COOKIE.toLowerCase()}=a`,
    `x${ACCESS_COOKIE}=a`,
    `\u00a0${ACCESS_COOKIE}=a`,
    `${ACCESS_COOKIE} =a`,
    `x=${ACCESS_COOKIE}=a`,
  ])("hold none of ours in %j", (cookie) => {
    expect(borne(cookie)).toEqual({ access: null, refresh: null });
  });

  test.for([
    `${ACCESS_COOKIE}=`,
    `${ACCESS_COOKIE}=%E0%A4%A`,
    `${ACCESS_COOKIE}="a"`,
    `${ACCESS_COOKIE}=a b`,
    `${ACCESS_COOKIE}=a, b`,
    `${ACCESS_COOKIE}==a`,
    `${ACCESS_COOKIE}=a; x=1; ${ACCESS_COOKIE}=a`,
    `${ACCESS_COOKIE}=a;${ACCESS_COOKIE}=b`,
  ])("hold a token that opens nothing in %j", (cookie) => {
    expect(borne(cookie)).toEqual({ access: "", refresh: null });
  });

  test("make an answer personal only where they are ours", () => {
    expect(isPersonal(new Headers({ cookie: "theme=dark" }))).toBe(false);
    for (const name of [ACCESS_COOKIE, REFRESH_COOKIE])
      expect(isPersonal(new Headers({ cookie: `${name}=` }))).toBe(true);
  });
});

describe("the cookies of an answer", () => {
  test("are for this host alone, over TLS, and out of reach for scripts and foreign pages", () => {
    const days = 30 * 24 * 60 * 60;
    expect(keptCookies({ accessToken: "a.b.c", refreshToken: "r" })).toEqual([
      `__Host-pitwall_access=a.b.c; Path=/; Max-Age=${days}; Secure; HttpOnly; SameSite=Lax`,
      `__Host-pitwall_refresh=r; Path=/; Max-Age=${days}; Secure; HttpOnly; SameSite=Lax`,
    ]);
  });

  test("are taken away under the same terms, without which a browser keeps them", () => {
    expect(clearedCookies()).toEqual([
      "__Host-pitwall_access=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax",
      "__Host-pitwall_refresh=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax",
    ]);
  });
});
