import { z } from "zod";
import { decimal } from "./shapes.ts";

export const SESSIONS = ["race", "sprint", "qualifying"] as const;

export const scoreLine = z
  .object({ session: z.enum(SESSIONS), rule: z.string(), detail: z.string(), points: decimal })
  .meta({ id: "ScoreLine" });

export const ledgerLine = scoreLine
  .extend({ driverId: z.string(), multiplier: decimal, total: decimal })
  .meta({ id: "LedgerLine" });
