import { DrizzleQueryError } from "drizzle-orm/errors";
import { describe, expect, test } from "vitest";
import { jsonLog, type LogLevel } from "./log.ts";

function aLog(level: LogLevel = "info") {
  const lines: string[] = [];
  return {
    log: jsonLog({ level, write: (line) => lines.push(line) }),
    lines,
    last: () => JSON.parse(lines.at(-1) ?? ""),
  };
}

describe("an entry", () => {
  test("is one line of JSON with its moment in UTC, its level, its message and its facts", () => {
    const { log, lines, last } = aLog();
    log.info("a race was locked", { season: 2026, teams: 12n, at: new Date(0) });
    expect(lines[0]).toMatch(/^\{.*\}\n$/);
    expect(last()).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      level: "info",
      message: "a race was locked",
      season: 2026,
      teams: "12",
      at: "1970-01-01T00:00:00.000Z",
    });
  });

  test("keeps its head, whatever a fact is called", () => {
    const { log, last } = aLog();
    log.warn("kept", { level: "info", message: "forged" });
    expect(last()).toMatchObject({ level: "warn", message: "kept" });
  });

  test.each<[LogLevel, number]>([
    ["debug", 3],
    ["info", 3],
    ["warn", 2],
    ["error", 1],
    ["silent", 0],
  ])("is written at the level %s if it weighs enough", (level, written) => {
    const { log, lines } = aLog(level);
    log.info("i");
    log.warn("w");
    log.error("e");
    expect(lines).toHaveLength(written);
  });

  test("stays one line and a short one, whatever a stranger puts in it", () => {
    const { log, lines, last } = aLog();
    log.info("asked", { agent: `Evil\r\n{"level":"error"}\u001b[31m${"x".repeat(1_000_000)}` });
    for (const control of ["\r", "\n", "\u001b"]) expect(lines[0]?.trimEnd()).not.toContain(control);
    expect(last().agent).toHaveLength(2_000);
  });

  test("survives what refers to itself, and what goes on without end", () => {
    const { log, last } = aLog();
    const circle: { around?: object } = {};
    circle.around = circle;
    log.info("odd", { circle, many: Array(1_000).fill(1), of: () => 1 });
    expect(last().many).toHaveLength(50);
  });
});

describe("no secret leaves", () => {
  test.each([
    "password",
    "accessToken",
    "JWT_SECRET",
    "Authorization",
    "set-cookie",
    "code",
    "joinCode",
    "email",
    "ADMIN_EMAIL",
  ])("in a fact called %s, however deep", (name) => {
    const { log, lines } = aLog();
    log.info("told", { within: [{ [name]: "hunter2" }] });
    expect(lines[0]).not.toContain("hunter2");
  });

  test.each([
    ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "eyJ"],
    ["$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA", "argon2"],
    ["connect to postgres://pit:wall@db/pitwall", "wall@"],
    ["mail to ann.fan+f1@example.org failed", "example.org"],
  ])("in a text such as %s", (text, secret) => {
    const { log, lines } = aLog();
    log.info(text, { text });
    expect(lines[0]).not.toContain(secret);
  });

  test("even where the text is cut", () => {
    const { log, lines } = aLog();
    log.info("cut", { text: `${"x".repeat(1_960)}eyJhbGciOiJIUzI1NiJ9.${"e".repeat(300)}.sig` });
    expect(lines[0]).not.toContain("eyJ");
  });

  test("with a query that failed: neither its values nor what the database says of them", () => {
    const { log, lines, last } = aLog();
    const refusal = Object.assign(new Error("duplicate key value"), {
      code: "23505",
      constraint: "users_email",
      detail: "Key (x)=(hunter2)",
    });
    log.error("a job failed", { cause: new DrizzleQueryError("insert into users", ["hunter2"], refusal) });
    expect(lines[0]).not.toContain("hunter2");
    expect(last().cause).toMatchObject({
      message: "a query failed",
      query: "insert into users",
      cause: { sqlstate: "23505", constraint: "users_email" },
    });
  });
});

describe("an error", () => {
  test("says its name, its message, its cause and where it happened", () => {
    const { log, last } = aLog();
    log.error("a job failed", { cause: new TypeError("no such thing", { cause: new Error("because") }) });
    expect(last().cause).toMatchObject({ name: "TypeError", message: "no such thing", cause: { message: "because" } });
    expect(last().cause.stack[0]).toMatch(/log\.test\.ts/);
  });

  test("does not say where in a warning: nobody has to mend code for it", () => {
    const { log, last } = aLog();
    log.warn("the database is away", { error: new AggregateError([new Error("ECONNREFUSED")]) });
    expect(last().error).toEqual({
      name: "AggregateError",
      message: "",
      errors: [{ name: "Error", message: "ECONNREFUSED" }],
    });
  });
});
