import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { passwordFaults } from "@pitwall/domain/accounts";
import { aFolder } from "@pitwall/rig/folder";
import { expect, onTestFinished, test } from "vitest";
import { keptSecrets } from "./secrets.ts";

/** Where nothing is yet. */
function aPlace(): string {
  const { path, remove } = aFolder();
  onTestFinished(remove);
  return join(path, "data");
}

test("secrets are made once, also by two starts at once, and kept from other users", async () => {
  const folder = aPlace();
  const [one, other] = await Promise.all([keptSecrets(folder), keptSecrets(folder)]);
  expect(one).toEqual(other);
  expect(await keptSecrets(folder)).toEqual(one);
  expect((await stat(join(folder, "jwt-secret"))).mode & 0o077).toBe(0);
  expect((await stat(join(folder, "admin-password"))).mode & 0o077).toBe(0);
});

test("the admin's password keeps the rules for passwords", async () => {
  const { adminPassword, jwtSecret } = await keptSecrets(aPlace());
  expect(passwordFaults(adminPassword, { username: "admin" })).toEqual([]);
  expect(Buffer.byteLength(jwtSecret)).toBeGreaterThanOrEqual(32);
});

test("a file that a start broken off left empty is written anew", async () => {
  const folder = aPlace();
  await mkdir(folder);
  await writeFile(join(folder, "jwt-secret"), "");
  const { jwtSecret, adminPassword } = await keptSecrets(folder);
  expect(Buffer.byteLength(jwtSecret)).toBeGreaterThanOrEqual(32);
  expect(await keptSecrets(folder)).toEqual({ jwtSecret, adminPassword });
  expect((await readdir(folder)).sort()).toEqual(["admin-password", "jwt-secret"]);
});
