import { lockDueRaces } from "@pitwall/services/races";
import type { Task } from "./context.ts";

export const lockRacesTask: Task<"lock-races"> = async (ctx) => {
  await lockDueRaces(ctx);
};
