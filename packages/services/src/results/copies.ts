import type { Db } from "@pitwall/db/database";
import { races } from "@pitwall/db/schema";
import { SECOND } from "@pitwall/domain/durations";
import { eq } from "drizzle-orm";
import type { RaceRow } from "../internal/race-lookup.ts";
import type { AskedOf, Copy } from "./answers.ts";

/** Sources tell ages in whole seconds, and an answer is some on its way: moments nearer than this are one. */
export const ABOUT = 15 * SECOND;

/** A source behind several caches may show an earlier state after a later one. */
export function isOlderCopy(race: RaceRow, copy: Copy | undefined): boolean {
  if (!copy || race.copyMadeAt === null) return false;
  return copy.madeAt.getTime() < race.copyMadeAt.getTime() - ABOUT;
}

/** Whoever asked may have slept since, and others have looked meanwhile. */
export function isOvertaken(race: RaceRow, { revision, lookedAt }: AskedOf): boolean {
  return race.revision !== revision || race.lookedAt?.getTime() !== lookedAt?.getTime();
}

/** Remembers the copy of an answer that counts. */
export async function keepCopy(db: Db, race: RaceRow, copy: Copy | undefined): Promise<void> {
  if (!copy) return;
  await db.update(races).set({ copyMadeAt: copy.madeAt, copyFreshUntil: copy.freshUntil }).where(eq(races.id, race.id));
}
