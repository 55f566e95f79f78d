import { DomainError } from "@pitwall/domain/domain-error";
import type { ErrorKind } from "@pitwall/domain/reasons";
import { LEAK } from "@pitwall/testing/leak-patterns";
import { TRPCError } from "@trpc/server";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { faultOf, isOurs, PublicError } from "./errors.ts";

const REFUSALS: Record<ErrorKind, readonly [number, DomainError]> = {
  malformed: [400, new DomainError("malformed", "auth.link_over", "Ask again.")],
  unauthenticated: [401, new DomainError("unauthenticated", "auth.required", "Sign in.")],
  forbidden: [403, new DomainError("forbidden", "team.not_yours", "It is not yours.")],
  not_found: [404, new DomainError("not_found", "team.not_found", "There is none.")],
  conflict: [409, new DomainError("conflict", "league.full", "It is full.")],
  broken_rule: [422, new DomainError("broken_rule", "team.too_many", "That is too many.")],
  rate_limited: [429, new DomainError("rate_limited", "request.rate_limited", "Wait.")],
  unavailable: [503, new DomainError("unavailable", "auth.busy", "Wait.")],
};

describe("a refusal", () => {
  test.each(Object.values(REFUSALS))("is answered with %i if it is like %s", (status, refusal) => {
    const { reason, message } = refusal;
    expect(faultOf(refusal)).toMatchObject({ status, reason, message });
    expect(faultOf(new TRPCError({ code: "INTERNAL_SERVER_ERROR", cause: refusal })).status).toBe(status);
  });

  test("takes its figures and its waiting time along", () => {
    const faults = [{ field: "driverIds", reason: "lineup.over_budget", message: "Too dear.", cost: 101.5 }] as const;
    const refusal = new DomainError("broken_rule", "lineup.breaks_rules", "Too dear.", {
      faults,
      retryAfterSeconds: 3,
    });
    expect(faultOf(refusal)).toMatchObject({ errors: faults, retryAfterSeconds: 3 });
  });
});

describe("wrong input", () => {
  const schema = z.strictObject({ name: z.string().min(3), season: z.int(), sort: z.enum(["price"]).optional() });

  test("names each wrong field, and each that does not exist", () => {
    const input = { name: "ab", season: "2026", sort: "points", role: "admin" };
    const fault = faultOf(new TRPCError({ code: "BAD_REQUEST", cause: schema.safeParse(input).error }));
    expect(fault).toMatchObject({ status: 400, reason: "request.malformed" });
    expect(fault.errors.map(({ field, reason }) => `${field} ${reason}`).sort()).toEqual([
      "name field.too_small",
      "role field.unknown",
      "season field.wrong_type",
      "sort field.not_a_choice",
    ]);
  });

  test("that is no object at all has no field to name", () => {
    const { message, errors } = faultOf(new TRPCError({ code: "BAD_REQUEST", cause: schema.safeParse(7).error }));
    expect(message).toBe("Invalid input: expected object, received number.");
    expect(errors).toMatchObject([{ field: "", reason: "field.wrong_type" }]);
  });

  test("of an answer of our own is a bug, not the caller's fault", () => {
    const fault = faultOf(new TRPCError({ code: "INTERNAL_SERVER_ERROR", cause: schema.safeParse({}).error }));
    expect(fault).toMatchObject({ status: 500, message: "Something went wrong.", errors: [] });
  });
});

describe("whatever nobody foresaw", () => {
  test.each([
    new Error("Failed query: insert into users … params: a@b.c,$argon2id$v=19$secret"),
    new TypeError("Cannot read properties of undefined (reading 'id')"),
    new TRPCError({ code: "INTERNAL_SERVER_ERROR", message: "violates unique constraint", cause: new Error("x") }),
    new TRPCError({ code: "TIMEOUT", message: "at run (/srv/node_modules/x.js:1:1)" }),
    "a thrown string",
    { message: "a thrown object" },
    undefined,
  ])("is answered with 500 and not a word of the inside (%#)", (thrown) => {
    const fault = faultOf(thrown);
    expect(fault).toMatchObject({ status: 500, reason: "internal", message: "Something went wrong." });
    expect(isOurs(fault)).toBe(true);
    expect(JSON.stringify(fault)).not.toMatch(LEAK);
  });

  test("leaves without its cause", () => {
    const left = new PublicError(faultOf(new Error("the inside")), "request-1");
    expect(left.cause).toBeUndefined();
    expect(left.message).toBe("Something went wrong.");
  });
});

describe("a database that is away", () => {
  test.each([
    Object.assign(new Error("connect"), { code: "ECONNREFUSED" }),
    new AggregateError([Object.assign(new Error("connect"), { code: "ECONNREFUSED" })]),
    new Error("Failed query", { cause: new Error("timeout exceeded when trying to connect") }),
    new Error("Failed query", { cause: Object.assign(new Error("shutting down"), { code: "57P01" }) }),
    new Error("Failed query", { cause: Object.assign(new Error("lock timeout"), { code: "55P03" }) }),
  ])("is said to be away, and when to try again (%#)", (thrown) => {
    const fault = faultOf(thrown);
    expect(fault).toMatchObject({ status: 503, reason: "service.unavailable", retryAfterSeconds: 5 });
    expect(JSON.stringify(fault)).not.toMatch(LEAK);
  });

  test("is not blamed for a constraint", () => {
    expect(faultOf(new Error("Failed query", { cause: Object.assign(new Error("x"), { code: "23505" }) })).status).toBe(
      500,
    );
  });
});

test.each([
  ["PARSE_ERROR", 400, "Unexpected token < in JSON"],
  ["NOT_FOUND", 404, 'No procedure found on path "<script>"'],
  ["METHOD_NOT_SUPPORTED", 405, "Unsupported PUT-request"],
  ["UNSUPPORTED_MEDIA_TYPE", 415, 'Unsupported content-type "<script>'],
] as const)("what tRPC refuses itself (%s) is told in our words", (code, status, message) => {
  const fault = faultOf(new TRPCError({ code, message }));
  expect(fault.status).toBe(status);
  expect(fault.message).not.toContain(message);
});
