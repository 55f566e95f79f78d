import { remindOfLocks } from "@pitwall/services/races/reminding";
import type { Task } from "./context.ts";

export const remindOfLockTask: Task<"remind-of-lock"> = async (ctx) => {
  const reminders = await remindOfLocks(ctx);
  if (reminders > 0) ctx.log.info("whoever plays was reminded of a lock", { reminders });
};
