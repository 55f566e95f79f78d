import { variables } from "./env.ts";
import { runScript } from "./script.ts";

process.exitCode = await runScript(process.argv.slice(2), variables, {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
