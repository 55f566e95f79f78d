import { DrizzleQueryError } from "drizzle-orm/errors";
import { describe, expect, test } from "vitest";
import { EnvError } from "./environment.ts";
import { isOutage, onceTheDatabaseAnswers, refusedByDatabase } from "./outages.ts";

const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });

describe("the database is away for a moment", () => {
  test.each([
    ["a refused connection", refused],
    ["one that failed at every address", new AggregateError([refused])],
    ["a server that is starting", Object.assign(new Error("starting up"), { code: "57P03" })],
    ["a transaction that took too long", Object.assign(new Error("terminating connection"), { code: "25P04" })],
    ["a pool without a free connection", new Error("timeout exceeded when trying to connect")],
    [
      "a query cut off, however deep it is wrapped",
      new DrizzleQueryError("select 1", [], new Error("Connection terminated")),
    ],
  ])("after %s", (_, error) => {
    expect(isOutage(error)).toBe(true);
  });

  test.each([
    ["a wrong password", Object.assign(new Error("authentication failed"), { code: "28P01" })],
    [
      "a broken constraint",
      new DrizzleQueryError("insert", [], Object.assign(new Error("duplicate"), { code: "23505" })),
    ],
    ["a mistake of ours", new TypeError("undefined is not a function")],
  ])("but not after %s", (_, error) => {
    expect(isOutage(error)).toBe(false);
  });
});

test.each([
  ["a wrong password", Object.assign(new Error("authentication failed"), { code: "28P01" })],
  [
    "too few rights, however deep they are wrapped",
    new DrizzleQueryError("create", [], Object.assign(new Error("permission denied"), { code: "42501" })),
  ],
  ["a server without TLS", new Error("The server does not support SSL connections")],
])("the database refuses us for %s, and its own words say so", (_, error) => {
  const said = error.cause instanceof Error ? error.cause.message : error.message;
  expect(refusedByDatabase(error)?.message).toMatch(`DATABASE_URL: is refused by the database, which says: ${said}`);
  expect(refusedByDatabase(refused)).toBeNull();
});

test("a start waits for the database, says so, and does its work once it answers", async () => {
  const told: string[] = [];
  const log = { info: () => undefined, warn: (message: string) => void told.push(message), error: () => undefined };
  let tries = 0;
  const work = async () => {
    tries += 1;
    if (tries === 1) throw refused;
    return "done";
  };
  expect(await onceTheDatabaseAnswers(log, work)).toBe("done");
  expect(told).toEqual([expect.stringContaining("DATABASE_URL")]);
});

test("a start does not wait for what will never be", async () => {
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const work = () => Promise.reject(Object.assign(new Error("no such database"), { code: "3D000" }));
  await expect(onceTheDatabaseAnswers(log, work)).rejects.toThrow(
    new EnvError("DATABASE_URL: is refused by the database, which says: no such database"),
  );
  const bug = new TypeError("undefined is not a function");
  await expect(onceTheDatabaseAnswers(log, () => Promise.reject(bug))).rejects.toBe(bug);
});
