import type { Db } from "@pitwall/db/database";
import { races } from "@pitwall/db/schema";
import { DAY } from "@pitwall/domain/durations";
import { aUser, type BuiltRace } from "@pitwall/testing/builders";
import { eq } from "drizzle-orm";
import { contextAs } from "../context.fixture.ts";

export async function anAdmin(db: Db) {
  const user = await aUser(db, { role: "admin" });
  return contextAs(db, { kind: "admin", userId: user.id, username: user.username, sessionId: null });
}

export function weekend(lockIn: number) {
  const qualifying = new Date(Date.now() + lockIn);
  return { qualifying, race: new Date(qualifying.getTime() + DAY) };
}

export async function rowOf(db: Db, { id }: Pick<BuiltRace, "id">) {
  const [row] = await db.select().from(races).where(eq(races.id, id));
  if (!row) throw new Error("the race is gone");
  return row;
}
