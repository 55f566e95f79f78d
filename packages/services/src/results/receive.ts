import type { Db } from "@pitwall/db/database";
import { withTx } from "@pitwall/db/database";
import { looks, races, revisions } from "@pitwall/db/schema";
import { type Classification, classificationDiff, scoredFacts } from "@pitwall/domain/classifications";
import type { Ruleset } from "@pitwall/domain/rulesets";
import { eq, sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { announceCorrection, announceResult } from "../internal/announce.ts";
import { buildStandingsFrom } from "../internal/build-standings.ts";
import { noteCorrection } from "../internal/correction-effects.ts";
import { sha256 } from "../internal/digests.ts";
import { fieldTeams } from "../internal/lock-race.ts";
import { queueSync } from "../internal/queue-sync.ts";
import { holdStandings } from "../internal/race-changes.ts";
import { correctEntries, entriesOf, expectAlike } from "../internal/race-entries.ts";
import { type RaceRow, rulesOfSeason } from "../internal/race-lookup.ts";
import { scoreRevision } from "../internal/score-race.ts";
import { storeClassification, storedClassification } from "../internal/stored-classifications.ts";
import { alertOfLook } from "./alerts.ts";
import type { Answer, LookOutcome, ReceivedAnswer } from "./answers.ts";
import { isOlderCopy, isOvertaken, keepCopy } from "./copies.ts";
import { doubtOf, faultsOf, hold } from "./hold.ts";

interface Verdict {
  readonly outcome: LookOutcome;
  readonly reason?: string;
  readonly digest?: string;
}

export interface Settled {
  readonly outcome: "recorded" | "corrected" | "unchanged";
  readonly digest: string;
}

/**
 * What a source said of a race becomes one business fact: recorded, corrected, unchanged, or put aside. Recording, scoring,
 * standings and notices commit together under the season's lock, so a crash leaves all or nothing and a doubled answer
 * changes nothing. An empty, broken or unbelievable answer never erases what is stored.
 */
export function receiveAnswer(ctx: ServiceContext, input: ReceivedAnswer): Promise<LookOutcome> {
  return withTx(ctx.db, async (db) => {
    const race = await heldRace(db, input.raceId);
    const at = ctx.now();
    const verdict = await judge(ctx, db, race, input, at);
    if (COUNTING.has(verdict.outcome) && "copy" in input.answer) await keepCopy(db, race, input.answer.copy);
    await db.insert(looks).values({ raceId: race.id, at, source: input.source, ...verdict });
    if (verdict.outcome === "vanished" || verdict.outcome === "held")
      ctx.log.warn("an answer was not believed", { race: race.slug, season: race.season, ...verdict });
    await alertOfLook({ ...ctx, db }, race, verdict, at);
    return verdict.outcome;
  });
}

/** What is held or broken is asked for again at the next tick, since somebody may have mended what was in its way. */
const COUNTING: ReadonlySet<LookOutcome> = new Set(["recorded", "corrected", "unchanged", "none_yet"]);

/** Standings carry from race to race, so a season takes one answer at a time; the race row is held against its lock. */
async function heldRace(db: Db, raceId: number): Promise<RaceRow> {
  const [found] = await db.select({ season: races.season }).from(races).where(eq(races.id, raceId));
  if (!found) throw new Error(`there is no race ${raceId}`);
  await holdStandings(db, found.season);
  const [race] = await db.select().from(races).where(eq(races.id, raceId)).for("update");
  if (!race) throw new Error(`there is no race ${raceId}`);
  return race;
}

function judge(
  ctx: ServiceContext,
  db: Db,
  race: RaceRow,
  { source, answer, askedOf }: ReceivedAnswer,
  at: Date,
): Promise<Verdict> {
  if (askedOf && isOvertaken(race, askedOf))
    return Promise.resolve({ outcome: "overtaken", reason: "a later answer came before this one" });
  // Asked before it was cancelled. The look does not count, so that the race is looked at again once it is reinstated.
  if (race.cancelledAt !== null) return Promise.resolve({ outcome: "failed", reason: "the race has been cancelled" });
  if ("copy" in answer && isOlderCopy(race, answer.copy))
    return Promise.resolve({ outcome: "overtaken", reason: "the source answered with less than it knew before" });
  switch (answer.kind) {
    case "classification":
      return judgeClassification(ctx, db, race, source, answer, at);
    case "none_yet":
      return judgeEmpty(db, race, at);
    case "unreadable":
      return judgeUnreadable(db, race, answer, at);
    case "failed":
      return Promise.resolve({ outcome: "failed", reason: answer.reason });
  }
}

async function judgeEmpty(db: Db, race: RaceRow, at: Date): Promise<Verdict> {
  if (race.revision !== null)
    return { outcome: "vanished", reason: "the source no longer lists the result; what is stored stays" };
  await looked(db, race, at);
  return { outcome: "none_yet", reason: "the source has no result yet" };
}

async function judgeUnreadable(
  db: Db,
  race: RaceRow,
  { body, reason }: Extract<Answer, { kind: "unreadable" }>,
  at: Date,
): Promise<Verdict> {
  return { outcome: "unreadable", reason, digest: await hold(db, race, body, [reason], at) };
}

async function judgeClassification(
  ctx: ServiceContext,
  db: Db,
  race: RaceRow,
  source: string,
  answer: Extract<Answer, { kind: "classification" }>,
  at: Date,
): Promise<Verdict> {
  const faults = await faultsOf(db, race, answer.classification);
  if (faults.some(({ reason }) => SYNC_HELPS.includes(reason))) await queueSync({ db }, { season: race.season });
  if (faults.length > 0) {
    const reasons = faults.map((fault) => fault.message);
    return { outcome: "held", reason: reasons.join(" "), digest: await hold(db, race, answer.body, reasons, at) };
  }

  const { classification, copy } = answer;
  const said = sha256(scoredFacts(classification, await rulesOfSeason(db, race.season)));
  if (race.revision !== null && race.sourceDigest === said) {
    await looked(db, race, at);
    return { outcome: "unchanged", digest: said, reason: "the source says what it said before" };
  }
  const saidAt = copy?.madeAt ?? at;
  const doubt = isHistory(ctx) ? null : await doubtOf(db, race, { classification, digest: said, saidAt });
  if (doubt !== null) {
    await hold(db, race, answer.body, [doubt], at);
    await keepCopy(db, race, copy);
    return { outcome: "held", reason: doubt, digest: said };
  }
  await db.update(races).set({ sourceDigest: said }).where(eq(races.id, race.id));
  const verdict = await settle(ctx, db, race, { source, ...answer }, at);
  if (verdict.outcome === "unchanged") await looked(db, race, at);
  return verdict;
}

/** Once the season's drivers and constructors have been asked for, the next look may know them. */
const SYNC_HELPS: readonly string[] = ["result.unknown_driver", "result.unknown_constructor"];

/** Brings in what can be believed: the next revision, or nothing when it says what is stored in all that scores. */
export async function settle(
  ctx: ServiceContext,
  db: Db,
  race: RaceRow,
  told: { readonly source: string; readonly classification: Classification; readonly body: string },
  at: Date,
): Promise<Settled> {
  const rules = await rulesOfSeason(db, race.season);
  const stored = race.revision === null ? null : await storedClassification(db, race.id, race.revision);
  // A look asks only for the sessions that score; what is known of the others stays.
  const classification = { ...stored, ...told.classification };
  const digest = sha256(scoredFacts(classification, rules));
  if (stored && sha256(scoredFacts(stored, rules)) === digest) return { outcome: "unchanged", digest };
  const expected = await entriesOf(db, race.id);
  await record(ctx, db, race, { source: told.source, body: told.body, digest, rules, stored, classification }, at);
  // Last, since whoever saves a line-up for one of those races waits until this is committed.
  await expectAlike(db, race, { expected, cars: classification.race });
  return { outcome: stored ? "corrected" : "recorded", digest };
}

interface Revision {
  readonly source: string;
  readonly body: string;
  readonly digest: string;
  readonly rules: Ruleset;
  readonly stored: Classification | null;
  readonly classification: Classification;
}

async function record(ctx: ServiceContext, db: Db, race: RaceRow, r: Revision, at: Date): Promise<void> {
  if (race.lockedAt === null) await fieldTeams(db, race);
  const revision = (race.revision ?? 0) + 1;
  const diff = r.stored ? classificationDiff(r.stored, r.classification, r.rules) : [];
  const before = await resultsInForce(db, race);
  await db
    .insert(revisions)
    .values({ raceId: race.id, n: revision, digest: r.digest, source: r.source, body: r.body, diff, recordedAt: at });
  await storeClassification(db, race.id, revision, r.classification);
  await correctEntries(db, race.id, r.classification.race);
  await db.update(races).set({ revision, recordedAt: at, lookedAt: at }).where(eq(races.id, race.id));
  const runAfter = await scoreRevision(db, {
    raceId: race.id,
    revision,
    classification: r.classification,
    rules: r.rules,
    scoredAt: at,
  });
  await buildStandingsFrom(db, race.season, race.id);

  if (before.run !== null) {
    const { build: buildAfter } = await resultsInForce(db, race);
    await noteCorrection(db, {
      raceId: race.id,
      revision,
      runBefore: before.run,
      runAfter,
      buildBefore: before.build,
      buildAfter,
    });
  }
  if (isHistory(ctx)) return;
  if (revision === 1) await announceResult(db, race);
  else await announceCorrection(db, race, revision, diff);
}

/** Whoever seeds the shipped facts speaks under this name: history is recorded, not announced. */
export const SEEDING = "seed";

function isHistory({ actor }: ServiceContext): boolean {
  return actor.kind === "system" && actor.name === SEEDING;
}

/** The race's scoring run and the season's newest standings. */
async function resultsInForce(db: Db, race: RaceRow): Promise<{ run: number | null; build: number | null }> {
  const { rows } = await db.execute<{ run: number | null; build: number | null }>(sql`
    select
      (select run.id from scoring_runs run join races r on r.id = run.race_id and r.revision = run.revision where r.id = ${race.id}) as run,
      (select build_id from races where season = ${race.season} and build_id is not null order by lock_at desc, id desc limit 1) as build`);
  return rows[0] ?? { run: null, build: null };
}

async function looked(db: Db, race: RaceRow, at: Date): Promise<void> {
  await db.update(races).set({ lookedAt: at }).where(eq(races.id, race.id));
}
