import { expect, test } from "vitest";
import { createPasswords } from "./passwords.ts";

const passwords = createPasswords();
const cheap = createPasswords({ memoryKib: 1024, passes: 1 });

test("hashes with Argon2id at the agreed cost, and with a fresh salt each time", async () => {
  const [one, other] = [await passwords.hash("Correct-Horse-7"), await passwords.hash("Correct-Horse-7")];
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(one).not.toBe(other);
  expect(await passwords.matches(one, "Correct-Horse-7")).toBe(true);
  expect(await passwords.matches(one, "correct-horse-7")).toBe(false);
});

test.each(["Leading and trailing 7 ", "Ünïcode-🏎️-Straße-7", "\u{FF30}assw\u{00F6}rd-Full-7"])(
  "takes %j again exactly as it was given",
  async (password) => {
    expect(await cheap.matches(await cheap.hash(password), password)).toBe(true);
    expect(await cheap.matches(await cheap.hash(password), password.trim().concat("x"))).toBe(false);
  },
);

test("takes the same characters however a keyboard composes them", async () => {
  expect(await cheap.matches(await cheap.hash("Caf\u00e9-Monaco-7"), "Cafe\u0301-Monaco-7")).toBe(true);
});

test.each([null, "none", ""])("matches nothing against %j for a hash", async (hash) => {
  expect(await cheap.matches(hash, "Correct-Horse-7")).toBe(false);
});

test("looks at a password of 512 letters, and at none that is longer", async () => {
  const [longest, longer] = ["x".repeat(512), "x".repeat(513)];
  expect(await cheap.matches(await cheap.hash(longest), longest)).toBe(true);
  expect(await cheap.matches(await cheap.hash(longer), longer)).toBe(false);
});

test("matches no password that is longer than an account can have", async () => {
  const hash = await cheap.hash("");
  expect(await cheap.matches(hash, "\u{FDFA}".repeat(1_000_000))).toBe(false);
});

test("knows a hash of an earlier cost, and still takes its password", async () => {
  const old = await cheap.hash("Correct-Horse-7");
  expect(passwords.isOutdated(old)).toBe(true);
  expect(passwords.isOutdated(await passwords.hash("Correct-Horse-7"))).toBe(false);
  expect(await passwords.matches(old, "Correct-Horse-7")).toBe(true);
});

test("sends away the twenty-third of a rush at once", async () => {
  const rush = Array.from({ length: 23 }, () => cheap.matches(null, "Correct-Horse-7"));
  const answers = await Promise.allSettled(rush);
  expect(answers.filter(({ status }) => status === "rejected")).toHaveLength(1);
  expect(answers.at(-1)).toMatchObject({ reason: { reason: "auth.busy" } });
});
