import { expect, test } from "vitest";
import { LEAK } from "./leak-patterns.ts";

test.each([
  'Failed query: insert into "users"',
  "params: anna@example.org",
  'new row violates check constraint "x"',
  "$argon2id$v=19$m=19456",
  "postgres://pitwall:secret@db/pitwall",
  "at run (/srv/pitwall/services.ts:12:7)",
  "at process.processTicksAndRejections (node:internal/process/task_queues:105:5)",
  "/srv/node_modules/pg/index.js",
  "connect ECONNREFUSED 127.0.0.1:5432",
  "getaddrinfo ENOTFOUND db",
  "Unexpected token } in JSON",
])("what comes from inside is known: %s", (said) => {
  expect(said).toMatch(LEAK);
});

test.each([
  "Line-ups for the race are shown once it locks, at 2026-03-07T05:00:00.000Z.",
  '{"type":"/docs/errors#team.not_found","detail":"There is no such team."}',
])("what is meant for people is not: %s", (said) => {
  expect(said).not.toMatch(LEAK);
});
