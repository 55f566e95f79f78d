import { fromTenths } from "@pitwall/domain/tenths";
import { z } from "zod";

// Shapes of answers state what is there, never limits: a row written under other limits must still be readable.

/** Goes in as tenths, and comes out as the number with at most one decimal that it stands for. */
export const decimal = z.number().overwrite(fromTenths).meta({ description: "A number with at most one decimal" });

export const moment = z.date().meta({ format: "date-time" });

export const uuid = z.string().meta({ format: "uuid" });

export function listOf<Item extends z.ZodType>(item: Item) {
  return z.array(item).readonly();
}

/** What an act answers that has nothing to say but that it is done. */
export const nothing = z.object({});
