import { chaos } from "./chaos/engine.ts";
import type { Engine } from "./engine.ts";
import { givenDatabase } from "./given-database.ts";
import { hostile } from "./hostile/hostile.ts";
import { model } from "./model/model.ts";
import { mutation } from "./mutation/mutation.ts";
import { season } from "./season/season.ts";
import { sweeping } from "./sweep/engine.ts";

/** Every engine there is: a new one is a file, or a folder, and a line here. */
export const engines: readonly Engine[] = [givenDatabase, hostile, model, mutation, season, sweeping, chaos];
