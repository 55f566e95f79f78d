import type { Engine } from "./engine.ts";
import { givenDatabase } from "./given-database.ts";

/** Every engine there is: a new one is a file, or a folder, and a line here. */
export const engines: readonly Engine[] = [givenDatabase];
