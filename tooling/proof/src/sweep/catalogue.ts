import type { Scene } from "./scene.ts";
import { starts } from "./starts.ts";
import { story } from "./story.ts";
import { tasks } from "./tasks.ts";

/** Every way in which anything is written. */
export const catalogue: readonly Scene[] = [...starts, ...tasks, story];
