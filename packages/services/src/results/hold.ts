import type { Db } from "@pitwall/db/database";
import { constructors, drivers, heldBodies, looks } from "@pitwall/db/schema";
import { type ClassificationFault, classificationFaults } from "@pitwall/domain/classification-faults";
import type { Classification } from "@pitwall/domain/classifications";
import { unlistedCars } from "@pitwall/domain/entry-lists";
import { and, eq, lt, sql } from "drizzle-orm";
import { sha256 } from "../internal/digests.ts";
import { entriesOf } from "../internal/race-entries.ts";
import type { RaceRow } from "../internal/race-lookup.ts";
import { storedClassification } from "../internal/stored-classifications.ts";
import { ABOUT } from "./copies.ts";

/** Why a classification cannot be believed, all at once. */
export async function faultsOf(db: Db, race: RaceRow, c: Classification): Promise<ClassificationFault[]> {
  const knownDrivers = await db.select({ id: drivers.id }).from(drivers);
  const knownConstructors = await db.select({ id: constructors.id }).from(constructors);
  return classificationFaults(c, {
    knownDriverIds: new Set(knownDrivers.map(({ id }) => id)),
    knownConstructorIds: new Set(knownConstructors.map(({ id }) => id)),
    season: race.season,
  });
}

/** More than the cars of one constructor do not withdraw from a race. */
const MOST_WITHDRAWN = 2;

export interface Saying {
  readonly classification: Classification;
  /** The digest of what it says that scores. */
  readonly digest: string;
  readonly saidAt: Date;
}

/**
 * Why a document that has no fault may still be half of one; null when it is complete, or when the source has said the same
 * before in another copy: then whoever is missing is left out. Once there is a result its rows are what is expected.
 */
export async function doubtOf(
  db: Db,
  race: RaceRow,
  { classification, digest, saidAt }: Saying,
): Promise<string | null> {
  const expected =
    race.revision === null
      ? await entriesOf(db, race.id)
      : (await storedClassification(db, race.id, race.revision)).race;
  const { count, constructorIds } = unlistedCars(classification, expected);
  if (count === 0) return null;
  const missing = `${count} of the cars that were to start ${count === 1 ? "is" : "are"} not listed (${constructorIds.join(", ")})`;
  if (count > MOST_WITHDRAWN) return `${missing}: the result is not complete yet.`;
  const before = new Date(saidAt.getTime() - ABOUT);
  const [said] = await db
    .select({ id: looks.id })
    .from(looks)
    .where(and(eq(looks.raceId, race.id), eq(looks.outcome, "held"), eq(looks.digest, digest), lt(looks.at, before)))
    .limit(1);
  return said ? null : `${missing}: the result counts once the source says the same again.`;
}

/** Puts an answer that is not believed aside: for the admin, looked at again, never scored. Answers its digest. */
export async function hold(db: Db, race: RaceRow, body: string, reasons: string[], at: Date): Promise<string> {
  const digest = sha256(body);
  await db
    .insert(heldBodies)
    // A text column takes every character but this one.
    .values({
      raceId: race.id,
      digest,
      reasons,
      body: body.replaceAll("\u0000", "\uFFFD"),
      firstHeldAt: at,
      lastHeldAt: at,
    })
    .onConflictDoUpdate({
      target: [heldBodies.raceId, heldBodies.digest],
      set: { lastHeldAt: at, reasons, times: sql`${heldBodies.times} + 1` },
    });
  return digest;
}
