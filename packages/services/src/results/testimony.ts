import type { Db } from "@pitwall/db/database";
import { drivers, looks, raceEntries, races } from "@pitwall/db/schema";
import type { ClassifiedCar } from "@pitwall/domain/classifications";
import { desc, eq, inArray } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { storedClassification } from "../internal/stored-classifications.ts";

export interface WitnessedCar {
  /** All that tells who it was. */
  readonly number: number;
  readonly position: number | null;
  readonly isDisqualified: boolean;
}

/** What somebody says of a race whose word does not count. */
export type Testimony =
  | { readonly kind: "order"; readonly cars: readonly WitnessedCar[] }
  | { readonly kind: "none_yet"; readonly endsAt: Date }
  | { readonly kind: "silent"; readonly reason: string };

export interface Heard {
  readonly raceId: number;
  readonly witness: string;
  readonly testimony: Testimony;
}

/** Notes beside the last look at a race, for the admin, what a witness says of it. Nothing follows from it. Answers the note. */
export async function noteTestimony(ctx: ServiceContext, { raceId, witness, testimony }: Heard): Promise<string> {
  const remark = await remarkOn(ctx, raceId, witness, testimony);
  const last = ctx.db
    .select({ id: looks.id })
    .from(looks)
    .where(eq(looks.raceId, raceId))
    .orderBy(desc(looks.id))
    .limit(1);
  await ctx.db.update(looks).set({ remark }).where(inArray(looks.id, last));
  return remark;
}

async function remarkOn(ctx: ServiceContext, raceId: number, witness: string, said: Testimony): Promise<string> {
  switch (said.kind) {
    case "silent":
      return `${witness} says nothing: ${said.reason}`;
    case "none_yet":
      return said.endsAt > ctx.now()
        ? `${witness} has the race end at ${said.endsAt.toISOString()}.`
        : `${witness} has no order yet either.`;
    case "order": {
      const [race] = await ctx.db.select({ revision: races.revision }).from(races).where(eq(races.id, raceId));
      if (race?.revision == null) return orderInWords(ctx.db, raceId, witness, said.cars);
      const { race: cars } = await storedClassification(ctx.db, raceId, race.revision);
      return comparison(witness, said.cars, cars);
    }
  }
}

async function orderInWords(db: Db, raceId: number, witness: string, cars: readonly WitnessedCar[]): Promise<string> {
  const entries = await db
    .select({ number: raceEntries.number, name: drivers.familyName })
    .from(raceEntries)
    .innerJoin(drivers, eq(drivers.id, raceEntries.driverId))
    .where(eq(raceEntries.raceId, raceId));
  const leader = cars.find(({ position }) => position === 1);
  const name = entries.find(({ number }) => number === leader?.number)?.name ?? `No ${leader?.number}`;
  return `${witness} lists an order of ${cars.length}${leader ? `, led by ${name}` : ""}.`;
}

const MOST_TOLD = 5;

/** Only what scores is compared: who is classified where, and who was thrown out. */
function comparison(witness: string, said: readonly WitnessedCar[], held: readonly ClassifiedCar[]): string {
  const saidOf = new Map(said.map((car) => [car.number, car]));
  const differing = held.flatMap((car) => {
    const theirs = saidOf.get(car.number);
    const [ours, other] = [placeOf(car), theirs ? wordFor(theirs) : "not listed"];
    if (ours === null ? other !== "disqualified" : ours === other) return [];
    return [`${car.driverId} ${other}, here ${ours ?? car.finish.replace("_", " ")}`];
  });
  if (differing.length === 0) return `${witness} says the same.`;
  const more = differing.length > MOST_TOLD ? `; and ${differing.length - MOST_TOLD} more` : "";
  return `${witness} disagrees: ${differing.slice(0, MOST_TOLD).join("; ")}${more}.`;
}

/** Null for whoever did not get to be classified: the witness may number those on, and only a disqualification tells them apart. */
function placeOf({ finish, position }: ClassifiedCar): string | null {
  if (finish === "classified") return String(position);
  return finish === "disqualified" ? "disqualified" : null;
}

function wordFor({ position, isDisqualified }: WitnessedCar): string {
  if (isDisqualified) return "disqualified";
  return position === null ? "without a place" : String(position);
}
