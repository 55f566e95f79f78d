import type { Db } from "@pitwall/db/database";
import { withTx } from "@pitwall/db/database";
import { looks, raceEntries, races } from "@pitwall/db/schema";
import { officialPoints } from "@pitwall/domain/classification-faults";
import type { Classification, ClassifiedCar, FinishClass, SessionKind } from "@pitwall/domain/classifications";
import { DomainError, type FieldFault } from "@pitwall/domain/domain-error";
import type { Tenths } from "@pitwall/domain/tenths";
import { eq } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { audit } from "../internal/audit.ts";
import { type HeldRace, holdRace, holdStandings } from "../internal/race-changes.ts";
import { type RaceName, raceNamed } from "../internal/race-lookup.ts";
import { speakerId } from "../internal/speaker.ts";
import { storedClassification } from "../internal/stored-classifications.ts";
import { faultsOf } from "./hold.ts";
import { settle } from "./receive.ts";

/** A car as somebody types it in. What is left out is as the entry list, the order of the rows or the official points say. */
export interface EnteredCar {
  readonly driverId: string;
  readonly constructorId?: string | undefined;
  readonly number?: number | undefined;
  readonly position?: number | undefined;
  readonly finish?: FinishClass | undefined;
  readonly grid?: number | null | undefined;
  readonly laps?: number | undefined;
  readonly points?: Tenths | undefined;
  readonly fastestLap?: boolean | undefined;
}

export interface EnteredResult extends RaceName {
  /** A session that is not named stays as it is. */
  readonly sessions: readonly { readonly session: SessionKind; readonly cars: readonly EnteredCar[] }[];
  /** Why, for the audit trail. */
  readonly note?: string | undefined;
}

export interface EnteredOutcome extends RaceName {
  readonly outcome: "recorded" | "corrected" | "unchanged";
  readonly revision: number;
}

/**
 * Records a classification by hand, as a revision like any other: validated, scored, announced. The source is still looked
 * at; as long as it says what it said before, what was entered stands, and whatever else it says is a correction.
 */
export async function enterResult(ctx: ServiceContext, input: EnteredResult): Promise<EnteredOutcome> {
  const { season, slug, note } = input;
  const entered = await withTx(ctx.db, async (db) => {
    const { id } = await raceNamed(db, input);
    await holdStandings(db, season);
    const race = await holdRace(db, id, "no key update");
    if (!race) throw new DomainError("not_found", "race.not_found", `There is no race "${slug}" any more.`);
    refuseWithoutRace(race);
    const classification = await classificationOf(db, race, input);
    const faults = await faultsOf(db, race, classification);
    if (faults.length > 0) throw invalid(faults);

    const at = ctx.now();
    const source = `admin:${ctx.actor.kind === "system" ? ctx.actor.name : speakerId(ctx.actor)}`;
    const body = JSON.stringify({ sessions: input.sessions, note });
    const verdict = await settle(ctx, db, race, { source, classification, body }, at);
    await db.insert(looks).values({ raceId: id, at, source, ...verdict });
    const [after] = await db.select({ revision: races.revision }).from(races).where(eq(races.id, id));
    const outcome = { outcome: verdict.outcome, revision: after?.revision ?? 0 };
    await audit(
      { ...ctx, db },
      { act: "enter_result", subject: `${season}/${slug}`, detail: { ...outcome, digest: verdict.digest, note } },
    );
    return outcome;
  });
  ctx.log.info("a result was entered", { season, slug, ...entered });
  return { season, slug, ...entered };
}

function refuseWithoutRace(race: HeldRace): void {
  if (race.cancelledAt !== null)
    throw new DomainError("conflict", "race.cancelled", `The ${race.name} is cancelled. Reinstate it first.`);
  if (!race.hasStarted)
    throw new DomainError(
      "broken_rule",
      "results.too_early",
      `The ${race.name} starts at ${race.startsAt.toISOString()}; it has no result before.`,
    );
}

async function classificationOf(db: Db, race: HeldRace, { sessions }: EnteredResult): Promise<Classification> {
  const entries = await db.select().from(raceEntries).where(eq(raceEntries.raceId, race.id));
  const carOf = new Map(entries.map((entry) => [entry.driverId, entry]));
  const faults: FieldFault[] = [];
  const rows = new Map(
    sessions.map(({ session, cars }) => [
      session,
      cars.map((car, index): ClassifiedCar => {
        const { constructorId, number } = { ...carOf.get(car.driverId), ...named(car) };
        if (constructorId === undefined || number === undefined)
          faults.push({
            field: session,
            reason: "result.car_unknown",
            message: `${car.driverId} is not entered in the race. Say which constructor and number.`,
            driverId: car.driverId,
          });
        const placed = { position: car.position ?? index + 1, finish: car.finish ?? "classified" };
        return {
          driverId: car.driverId,
          constructorId: constructorId ?? "",
          number: number ?? 0,
          ...placed,
          grid: car.grid ?? null,
          laps: car.laps ?? 0,
          points: car.points ?? officialPoints(session, placed),
          fastestLap: car.fastestLap ?? false,
        };
      }),
    ]),
  );
  if (faults.length > 0) throw invalid(faults);
  const [sprint, qualifying] = [rows.get("sprint"), rows.get("qualifying")];
  const stored = race.revision === null ? null : await storedClassification(db, race.id, race.revision);
  return { race: rows.get("race") ?? stored?.race ?? [], ...(sprint && { sprint }), ...(qualifying && { qualifying }) };
}

function named({ constructorId, number }: EnteredCar): { constructorId?: string; number?: number } {
  return { ...(constructorId !== undefined && { constructorId }), ...(number !== undefined && { number }) };
}

function invalid(faults: readonly FieldFault[]): DomainError {
  const message = faults.map((fault) => fault.message).join(" ");
  return new DomainError("broken_rule", "results.invalid", message, { faults });
}
