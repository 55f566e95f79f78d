import { dictionary } from "@zxcvbn-ts/language-common";
import { describe, expect, test } from "vitest";
import { passwordFaults } from "./password-rules.ts";

const owner = { username: "anna_apex", email: "anna.apex@example.org" };
const reasonsFor = (password: string) => passwordFaults(password, owner).map(({ reason }) => reason);

describe("a password that everybody tries is refused", () => {
  test.each(["Password1!", "Qwerty123", "Welcome2024", "Season2026", "Summer2026!", "Kobold99", "Ｐａｓｓｗｏｒｄ１"])(
    "as %s",
    (password) => expect(reasonsFor(password)).toEqual(["password.too_common"]),
  );

  test("with the name of the game or the owner in it", () => {
    expect(reasonsFor("Fantasyf1")).toEqual(["password.contains_product"]);
    expect(reasonsFor("Anna_Apex1")).toEqual(["password.contains_username"]);
  });

  test("for each of the first ten thousand, also with a capital, a year and a sign", () => {
    const first = dictionary["passwords-common"].slice(0, 10_000).filter((word) => /\p{L}/u.test(word));
    const dressed = first.flatMap((word) => [word, word.toUpperCase(), `${word}1!`, `${word}123`, `${word}2026!`]);
    expect(dressed.filter((password) => !reasonsFor(password).includes("password.too_common"))).toEqual([]);
  });
});

test.each(["Forty characters of a lap at 3 in the rain", "Xk9vQ2mT", "Bobsleigh2026", "Osella 1982 Imola"])(
  "%s is a password",
  (password) => expect(reasonsFor(password)).toEqual([]),
);
