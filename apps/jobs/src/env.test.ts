import { EnvError } from "@pitwall/services/environment";
import { expect, test } from "vitest";
import { readJobsEnv } from "./env.ts";

const DATABASE_URL = "postgres://localhost/pitwall";

test("a database is all that must be said", () => {
  expect(readJobsEnv({ DATABASE_URL })).toEqual({
    databaseUrl: DATABASE_URL,
    redisUrl: undefined,
    logLevel: "info",
    source: {
      baseUrl: "https://api.jolpi.ca/ergast/f1",
      userAgent: expect.stringContaining("pitwall"),
      openF1Url: undefined,
    },
    concurrency: 4,
    monitor: { host: "0.0.0.0", port: undefined, token: undefined },
  });
});

test("what is said of the source and of the work is taken", () => {
  const source = {
    F1_API_BASE_URL: "http://localhost:4000/ergast/f1/",
    F1_API_USER_AGENT: "my league (me@example.org)",
    OPENF1_BASE_URL: "https://api.openf1.org/v1/",
  };
  expect(readJobsEnv({ DATABASE_URL, ...source, WORKER_CONCURRENCY: "12" })).toMatchObject({
    source: {
      baseUrl: "http://localhost:4000/ergast/f1",
      userAgent: "my league (me@example.org)",
      openF1Url: "https://api.openf1.org/v1",
    },
    concurrency: 12,
  });
});

test.each([
  ["DATABASE_URL", { DATABASE_URL: "mysql://localhost/pitwall" }],
  ["F1_API_BASE_URL", { F1_API_BASE_URL: "ftp://api.jolpi.ca" }],
  ["F1_API_BASE_URL", { F1_API_BASE_URL: "https://me:secret@api.jolpi.ca/ergast/f1" }],
  ["F1_API_BASE_URL", { F1_API_BASE_URL: "https://api.jolpi.ca/ergast/f1?key=secret" }],
  ["OPENF1_BASE_URL", { OPENF1_BASE_URL: "file:///etc/passwd" }],
  ["F1_API_USER_AGENT", { F1_API_USER_AGENT: "pitwall\r\nX-Forged: 1" }],
  ["WORKER_CONCURRENCY", { WORKER_CONCURRENCY: "0" }],
  ["WORKER_CONCURRENCY", { WORKER_CONCURRENCY: "51" }],
  ["WORKER_CONCURRENCY", { WORKER_CONCURRENCY: "4.5" }],
  ["HEALTH_PORT", { HEALTH_PORT: "65536" }],
  ["METRICS_TOKEN", { METRICS_TOKEN: "short" }],
  ["LOG_LEVEL", { LOG_LEVEL: "loud" }],
])("a wrong %s is refused by its name", (name, said) => {
  expect(() => readJobsEnv({ DATABASE_URL, ...said })).toThrow(EnvError);
  expect(() => readJobsEnv({ DATABASE_URL, ...said })).toThrow(`${name}: `);
});

test("every fault is told at once", () => {
  expect(() => readJobsEnv({ WORKER_CONCURRENCY: "many" })).toThrow(/DATABASE_URL: .*\n.*WORKER_CONCURRENCY: /s);
});
