import { deleteOld } from "@pitwall/services/retention";
import type { Task } from "./context.ts";

export const deleteOldTask: Task<"delete-old"> = async (ctx) => {
  ctx.log.info("what was old was deleted", { ...(await deleteOld(ctx)) });
};
