import { expect, test } from "vitest";
import { factsOf, failureOf } from "./mail-failures.ts";

test.each([
  ["a recipient whom nobody knows", { command: "RCPT TO", status: 550 }, "refused"],
  ["a mail that is taken for spam", { command: "DATA", status: 554 }, "refused"],
  ["a recipient who is to be tried again", { command: "RCPT TO", status: 450 }, "failed"],
  ["an address that is none", { command: "API", code: "EENVELOPE" }, "failed"],
  ["whatever nobody thought of", {}, "failed"],
  ["a server that is going away", { command: "DATA", status: 421 }, "unreached"],
  ["a server that is not there", { command: "CONN", code: "ESOCKET", syscall: "connect" }, "unreached"],
  ["a server without an address", { command: "CONN", code: "EDNS" }, "unreached"],
  [
    "a server that does not answer",
    { command: "CONN", code: "ETIMEDOUT", timeoutType: "CONNECT_TIMEOUT" },
    "unreached",
  ],
  ["a server that closes at once", { code: "ECONNECTION" }, "unreached"],
  ["a wrong password", { command: "AUTH PLAIN", code: "EAUTH", status: 535 }, "unreached"],
  ["a sender whom the server does not serve", { command: "MAIL FROM", status: 550 }, "unreached"],
  ["a connection that breaks", { command: "CONN", code: "ESOCKET", syscall: "read" }, "unknown"],
  ["a silence in the middle", { command: "CONN", code: "ETIMEDOUT", timeoutType: "SOCKET_TIMEOUT" }, "unknown"],
] as const)("%s", (_title, facts, failure) => {
  expect(failureOf(facts)).toBe(failure);
});

test("of an error is told what names nobody", () => {
  const said = {
    command: "RCPT TO",
    responseCode: 550,
    response: "550 <ann@example.org>: who?",
    recipient: "ann@example.org",
  };
  expect(factsOf(Object.assign(new Error("550 <ann@example.org>: who?"), said))).toEqual({
    command: "RCPT TO",
    status: 550,
  });
  for (const nothing of [undefined, null, "ann@example.org", 7]) expect(factsOf(nothing)).toEqual({});
});
