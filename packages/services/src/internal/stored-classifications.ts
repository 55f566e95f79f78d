import type { Db } from "@pitwall/db/database";
import { classifications } from "@pitwall/db/schema";
import type { Classification, ClassifiedCar, SessionKind } from "@pitwall/domain/classifications";
import { and, asc, eq } from "drizzle-orm";

const SESSIONS: readonly SessionKind[] = ["race", "sprint", "qualifying"];

export async function storeClassification(db: Db, raceId: number, revision: number, c: Classification): Promise<void> {
  const rows = SESSIONS.flatMap((session) => (c[session] ?? []).map((car) => ({ raceId, revision, session, ...car })));
  await db.insert(classifications).values(rows);
}

/** Every session of a stored revision, cars in the document's order. */
export async function storedClassification(db: Db, raceId: number, revision: number): Promise<Classification> {
  const rows = await db
    .select()
    .from(classifications)
    .where(and(eq(classifications.raceId, raceId), eq(classifications.revision, revision)))
    .orderBy(asc(classifications.session), asc(classifications.position));
  const sessions = new Map<SessionKind, ClassifiedCar[]>();
  for (const { raceId: _race, revision: _revision, session, ...car } of rows) {
    const cars = sessions.get(session) ?? [];
    sessions.set(session, cars);
    cars.push(car);
  }
  const [race, sprint, qualifying] = SESSIONS.map((session) => sessions.get(session));
  return { race: race ?? [], ...(sprint && { sprint }), ...(qualifying && { qualifying }) };
}
