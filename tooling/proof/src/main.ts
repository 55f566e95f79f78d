import { proof } from "./command.ts";
import { engines } from "./engines.ts";
import { watch } from "./screen.ts";

// What an engine has started ends with it, and its folders go.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

const { text, exitCode } = await proof(process.argv.slice(2), engines, watch);
process.stdout.write(text);
process.exitCode = exitCode;
