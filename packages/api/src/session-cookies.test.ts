import { DomainError } from "@pitwall/domain/domain-error";
import type { SignedIn } from "@pitwall/services/auth/signed-in";
import { test } from "@pitwall/testing/database";
import { describe, expect } from "vitest";
import { guest } from "./play.fixture.ts";
import { refreshByCookie, type SessionCookies } from "./session-cookies.ts";

const password = "Correct-Horse-7";
const anna = { username: "anna", email: "anna@example.org", password };

/** A browser that says what is done to its cookies. */
function watched(refreshToken: string | null) {
  const done: string[] = [];
  const cookies: SessionCookies = {
    nameSpeaker: false,
    refreshToken,
    admit: () => void done.push("admitted"),
    keep: ({ refreshToken: next }) => void done.push(`kept ${next}`),
    clear: () => void done.push("cleared"),
  };
  return { cookies, done };
}

describe("a script", () => {
  test("has no cookies, so it is not signed in by them, and no account is opened", async ({ database: { db } }) => {
    const refusal = { fault: { status: 400, reason: "auth.no_cookies_here" } };
    await expect(guest(db).auth.register({ ...anna, cookies: true })).rejects.toMatchObject(refusal);
    expect(await guest(db).auth.register({ ...anna, cookies: false })).toMatchObject({ tokenType: "bearer" });
    await expect(guest(db).auth.login({ login: "anna", password, cookies: true })).rejects.toMatchObject(refusal);
    await expect(guest(db).auth.refresh({})).rejects.toMatchObject({
      fault: { status: 400, reason: "auth.no_refresh_token" },
    });
  });
});

describe("a refresh by cookie", () => {
  test.for([
    { refusal: new DomainError("unauthenticated", "auth.session_over", "No."), expected: ["admitted", "cleared"] },
    { refusal: new DomainError("unauthenticated", "auth.refresh_reused", "No."), expected: ["admitted", "cleared"] },
    { refusal: new DomainError("unauthenticated", "auth.refresh_raced", "No."), expected: ["admitted"] },
    { refusal: new DomainError("unavailable", "service.unavailable", "No."), expected: ["admitted"] },
  ])("that is refused with $refusal.reason leaves what is still good", async ({ refusal, expected }) => {
    const { cookies, done } = watched("spent");
    const refused = refreshByCookie(cookies, () => Promise.reject(refusal));
    await expect(refused).rejects.toBe(refusal);
    expect(done).toEqual(expected);
  });

  test("asks for a good page before anything is spent", async () => {
    const { cookies } = watched("good");
    const spent: string[] = [];
    const admit = () => {
      throw new DomainError("forbidden", "request.foreign_origin", "No.");
    };
    const refused = refreshByCookie({ ...cookies, admit }, async (token): Promise<SignedIn> => {
      spent.push(token);
      throw new Error("it was spent");
    });
    await expect(refused).rejects.toMatchObject({ reason: "request.foreign_origin" });
    expect(spent).toEqual([]);
  });
});
