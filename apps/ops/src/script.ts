import type { Variables } from "@pitwall/services/environment";
import { asked } from "./asking.ts";
import { commands } from "./commands.ts";
import { atTheDesk } from "./desk.ts";
import { readOpsEnv } from "./env.ts";
import { endingOf, logInWords } from "./words.ts";

interface Terminal {
  out(text: string): unknown;
  err(text: string): unknown;
}

/** Does what the words of a command ask for. Answers the exit code; never throws. */
export async function runScript(argv: readonly string[], said: Variables, { out, err }: Terminal): Promise<0 | 1 | 2> {
  let log = logInWords({ level: "info", isDryRun: false }, err);
  try {
    const request = asked(commands, argv);
    if ("help" in request) {
      out(`${request.help}\n`);
      return 0;
    }
    const { name, words, isDryRun, asJson } = request;
    // pnpm runs a script in its package's folder, and says where it was itself started.
    const act = await commands[name].act({ ...words, folder: said.INIT_CWD ?? process.cwd() });
    const env = readOpsEnv(said);
    log = logInWords({ level: env.logLevel, isDryRun }, err);
    const { text, facts } = await atTheDesk({ env, log, isDryRun }, act);
    const remark = isDryRun ? "Dry run: it was rolled back, and nothing was changed.\n" : "";
    out(asJson ? `${JSON.stringify({ script: name, dryRun: isDryRun, ...facts }, null, 2)}\n` : `${text}\n${remark}`);
    return 0;
  } catch (error) {
    const { code, words } = endingOf(error, log);
    err(`${words}\n`);
    return code;
  }
}
