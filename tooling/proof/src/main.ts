import { proof } from "./command.ts";
import { engines } from "./engines.ts";
import { watch } from "./screen.ts";

const { text, exitCode } = await proof(process.argv.slice(2), engines, watch);
process.stdout.write(text);
process.exitCode = exitCode;
