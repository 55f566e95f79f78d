import { z } from "zod";
import { sourceId } from "./fields.ts";

/** How many and which is a rule of the game, and so said with all the other rules that a line-up breaks. */
export const chosen = { driverIds: z.array(sourceId).max(20), captainId: sourceId };

export const lineupFault = z
  .object({ field: z.string(), reason: z.string(), message: z.string() })
  .catchall(z.union([z.string(), z.number()]));
