import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normalizedPassword, passwordFaults, usernameFaults } from "./accounts.ts";

const username = (text: string) => usernameFaults(text).map((fault) => fault.reason);
const password = (text: string, context: Parameters<typeof passwordFaults>[1] = {}) =>
  passwordFaults(text, context).map((fault) => fault.reason);

/** Says which field is wrong, and what to do about it in a whole sentence. */
const TOLD = { message: expect.stringMatching(/^[A-Z].+\.$/) };

describe("a username", () => {
  test.each(["bob", "Lando_4", "___", "x".repeat(50), "administrator1", "me_too", "admins_friend", "ad_min"])(
    "may be %s",
    (name) => {
      expect(username(name)).toEqual([]);
    },
  );

  test.each<[string, string[]]>([
    ["", ["username.too_short"]],
    ["ab", ["username.too_short"]],
    ["x".repeat(51), ["username.too_long"]],
    ["bob smith", ["username.bad_characters"]],
    ["BOB ", ["username.bad_characters"]],
    ["ｂｏｂ", ["username.bad_characters"]],
    ["Ьob", ["username.bad_characters"]],
    ["bob\n", ["username.bad_characters"]],
    ["admin", ["username.reserved"]],
    ["ADMIN", ["username.reserved"]],
    ["__Admin__", ["username.reserved"]],
    ["Pitwall", ["username.reserved"]],
    ["me", ["username.too_short", "username.reserved"]],
  ])("may not be %j", (name, reasons) => {
    expect(username(name)).toEqual(reasons);
    for (const fault of usernameFaults(name)) expect(fault).toMatchObject({ field: "username", ...TOLD });
  });

  test("is refused for its form exactly when it is not 3 to 50 ASCII letters, digits and _", () => {
    const anyName = fc.oneof(fc.string(), fc.string({ unit: "grapheme" }), fc.stringMatching(/^[A-Za-z0-9_]{1,60}$/));
    fc.assert(
      fc.property(anyName, (name) => {
        const faults = username(name).filter((reason) => reason !== "username.reserved");
        expect(faults.length === 0).toBe(/^[A-Za-z0-9_]{3,50}$/.test(name));
      }),
    );
  });
});

describe("a password", () => {
  test.each([
    "Correct7horse",
    "Xk9vQ2mT",
    "tyre Deg is 3 tenths a lap",
    "pass Wörd 9 ",
    "🏎️ Slow in, fast out 2",
    `Xk9${"v".repeat(61)}`,
    `Xk9${"v".repeat(125)}`,
    "ПарольДлинный7",
  ])("may be %j", (text) => {
    expect(password(text)).toEqual([]);
  });

  test.each<[string, string[]]>([
    ["Xk9vQ2m", ["password.too_short"]],
    [`Xk9${"v".repeat(126)}`, ["password.too_long"]],
    ["xk9vq2mt", ["password.no_upper_case"]],
    ["XK9VQ2MT", ["password.no_lower_case"]],
    ["XkgvQymT", ["password.no_digit"]],
    ["correct horse battery staple of forty chars", ["password.no_upper_case", "password.no_digit"]],
    ["Password1!", ["password.too_common"]],
    ["P@ssw0rd2024", ["password.too_common"]],
    ["1Qaz2wsx", ["password.too_common"]],
    ["Qwerty123", ["password.too_common"]],
    ["!!Monkey99", ["password.too_common"]],
    ["Aaaaaaa1", ["password.too_common"]],
    ["Trustno1", ["password.too_common"]],
    ["Trustno1!!", ["password.too_common"]],
    ["Welcome2024", ["password.too_common"]],
    ["Season2026!", ["password.too_common"]],
    ["Verstappen33", ["password.too_common"]],
    ["GrandPrix2026", ["password.too_common"]],
    ["FantasyF1", ["password.contains_product"]],
    ["IlovePitwall99", ["password.contains_product"]],
    ["fantasyf1", ["password.no_upper_case", "password.contains_product"]],
  ])("may not be %j", (text, reasons) => {
    expect(password(text)).toEqual(reasons);
    for (const fault of passwordFaults(text, {})) expect(fault).toMatchObject({ field: "password", ...TOLD });
  });

  test("is not one of those that the caller knows to be common, however it is dressed up", () => {
    const common = new Set(["tangerine", "zx81"]);
    expect(password("Tangerine1")).toEqual([]);
    expect(password("Tangerine1", { common })).toEqual(["password.too_common"]);
    expect(password("!T4ngerine2026?", { common })).toEqual(["password.too_common"]);
    expect(password("Ｔａｎｇｅｒｉｎｅ１", { common })).toEqual(["password.too_common"]);
    expect(password("Tangerine Dream 74", { common })).toEqual([]);
    for (const tail of ["2026!", "1950!?", "123!", "1!?%", "!!??"])
      expect(password(`Zx81${tail}`, { common })).toEqual(["password.too_common"]);
    for (const tail of ["20x6!", "204x!", "2026x", "2026 x"]) expect(password(`Zx81${tail}`, { common })).toEqual([]);
  });

  test("holds neither its owner's username nor e-mail address, in any case", () => {
    const owner = { username: "TifosoRosso", email: "gilles.v+f1@example.org" };
    expect(password("27tifosorossO", owner)).toEqual(["password.contains_username"]);
    expect(password("Gilles.V 1982", owner)).toEqual(["password.contains_email"]);
    for (const fault of passwordFaults("TifosoRosso gilles.v 27", owner))
      expect(fault).toMatchObject({ field: "password", ...TOLD });
    expect(password("Osella 1982 Imola", owner)).toEqual([]);
  });

  test("may hold a very short username by chance, but not be made of it", () => {
    expect(password("Bobsleigh2026", { username: "bob" })).toEqual([]);
    expect(password("Bob12345!", { username: "bob" })).toEqual(["password.contains_username"]);
    expect(password("My Alonso 2026", { username: "alon" })).toEqual(["password.contains_username"]);
  });

  test("is judged in its normalized form, and nothing of it is trimmed or folded", () => {
    expect(normalizedPassword("ｐａｓｓ ")).toBe("pass ");
    expect(password("Ｘｋ９ｖＱ２ｍＴ")).toEqual([]);
    expect(password("Ｐａｓｓｗｏｒｄ１")).toEqual(["password.too_common"]);
  });

  test("that grows beyond the limit when normalized is refused, and an enormous one unread", () => {
    expect(password(`Xk9${"\ufdfa".repeat(10)}`)).toContain("password.too_long");
    expect(password("\ufdfa".repeat(1_000_000))).toEqual(["password.too_long"]);
    expect(password("x".repeat(512))).toContain("password.no_digit");
    expect(password("x".repeat(513))).toEqual(["password.too_long"]);
  });

  test("that stands is never more than 512 bytes to hash, whatever it is made of", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (rest) => {
        const text = `Xk9v${rest}`;
        if (passwordFaults(text, {}).length > 0) return;
        expect(new TextEncoder().encode(normalizedPassword(text)).length).toBeLessThanOrEqual(512);
      }),
    );
  });
});
