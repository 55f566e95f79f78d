import { sql } from "drizzle-orm";
import { timestamp, uuid } from "drizzle-orm/pg-core";

/** A moment in UTC. */
export const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** A UUIDv7 made by the database, so that ids sort by age wherever a row is born. */
export const agedId = () => uuid("id").primaryKey().default(sql`uuid_v7()`);
