import { changeRole, findUsers } from "./accounts.ts";
import type { Act } from "./acts.ts";
import type { Described, Words } from "./asking.ts";
import { FORMAT } from "./classification-file.ts";
import { importResult } from "./importing.ts";
import { rescore } from "./rescoring.ts";

interface Command extends Described {
  /** What is to be done. Throws an AskingError for words or files that cannot be understood. */
  act(words: Words): Act | Promise<Act>;
}

export const commands = {
  "grant-admin": {
    operands: "<username>",
    about: "Makes somebody an admin. An address will do as well.",
    act: ({ given: [who = ""] }) => changeRole(who, "admin"),
  },
  "revoke-admin": {
    operands: "<username>",
    about: "Makes an admin a user again. The last admin stays one.",
    act: ({ given: [who = ""] }) => changeRole(who, "user"),
  },
  users: {
    operands: "[search]",
    about: "Lists accounts, newest first: all, or those with these letters in username, address or name.",
    act: ({ given: [search] }) => findUsers(search),
  },
  rescore: {
    operands: "<season> [race]",
    about: "Scores a season or one race again from what is stored, and puts right what differs.",
    more: "The race is named as in its address: monaco-grand-prix. No result is taken in meanwhile.",
    act: ({ given: [season = "", slug] }) => rescore(season, slug),
  },
  "import-result": {
    operands: "<season> <race> <file.csv|file.json>",
    about: "Records or corrects a race's classification from a file: validated, scored and announced as a fetched one.",
    takesNote: true,
    more: FORMAT,
    act: ({ given: [season = "", slug = "", file = ""], note, folder }) =>
      importResult({ season, slug, file, note, folder }),
  },
} satisfies Record<string, Command>;
