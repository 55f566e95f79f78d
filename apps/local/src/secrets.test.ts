import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { passwordFaults } from "@pitwall/domain/accounts";
import { expect, onTestFinished, test } from "vitest";
import { keptSecrets } from "./secrets.ts";

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "pitwall-secrets-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, "data");
}

test("secrets are made once, also by two starts at once, and kept from other users", async () => {
  const folder = await aFolder();
  const [one, other] = await Promise.all([keptSecrets(folder), keptSecrets(folder)]);
  expect(one).toEqual(other);
  expect(await keptSecrets(folder)).toEqual(one);
  expect((await stat(join(folder, "jwt-secret"))).mode & 0o077).toBe(0);
  expect((await stat(join(folder, "admin-password"))).mode & 0o077).toBe(0);
});

test("the admin's password keeps the rules for passwords", async () => {
  const { adminPassword, jwtSecret } = await keptSecrets(await aFolder());
  expect(passwordFaults(adminPassword, { username: "admin" })).toEqual([]);
  expect(Buffer.byteLength(jwtSecret)).toBeGreaterThanOrEqual(32);
});

test("a file that a start broken off left empty is written anew", async () => {
  const folder = await aFolder();
  await mkdir(folder);
  await writeFile(join(folder, "jwt-secret"), "");
  const { jwtSecret, adminPassword } = await keptSecrets(folder);
  expect(Buffer.byteLength(jwtSecret)).toBeGreaterThanOrEqual(32);
  expect(await keptSecrets(folder)).toEqual({ jwtSecret, adminPassword });
  expect((await readdir(folder)).sort()).toEqual(["admin-password", "jwt-secret"]);
});
