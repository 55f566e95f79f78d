import type { Db } from "@pitwall/db/database";
import { broadcasts } from "@pitwall/db/schema";
import type { CarChange } from "@pitwall/domain/classifications";
import { sql } from "drizzle-orm";
import type { RaceRow } from "./race-lookup.ts";
import { wakeMails } from "./wake-mails.ts";

/** Tells everybody, in one row, that a race has its first result. */
export async function announceResult(db: Db, race: RaceRow): Promise<void> {
  await db
    .insert(broadcasts)
    .values({
      type: "results_in",
      raceId: race.id,
      revision: 1,
      title: `${race.name}: results are in`,
      body: "The classification is recorded and scored. It is checked for corrections three times over the next 72 hours.",
      link: linkOf(race),
      data: { season: race.season, slug: race.slug, revision: 1 },
    })
    .onConflictDoNothing();
  await wakeMails(db, "results_in");
}

/** Tells everybody, in one row, that a result was corrected and what changed. What it did to whoever reads it is added then. */
export async function announceCorrection(
  db: Db,
  race: RaceRow,
  revision: number,
  diff: readonly CarChange[],
): Promise<void> {
  await db
    .insert(broadcasts)
    .values({
      type: "correction",
      raceId: race.id,
      revision,
      title: `${race.name}: the result was corrected`,
      body: `${summary(diff)} Scores and standings have been worked out again, and the three checks start anew.`,
      link: linkOf(race),
      data: { season: race.season, slug: race.slug, revision, diff },
    })
    .onConflictDoNothing();
  await wakeMails(db, "correction");
}

/** Tells everybody, in one row, that a race whose points had counted no longer counts. */
export async function announceCancelled(db: Db, race: RaceRow): Promise<void> {
  await announceCalendar(db, race, {
    title: `${race.name}: cancelled, its points no longer count`,
    body: "The standings have been worked out again without the race. What was fielded and scored in it is kept.",
    isCancelled: true,
  });
}

/** Tells everybody, in one row, that its points count again. */
export async function announceReinstated(db: Db, race: RaceRow): Promise<void> {
  await announceCalendar(db, race, {
    title: `${race.name}: reinstated, its points count again`,
    body: "The standings have been worked out again with the race in its place.",
    isCancelled: false,
  });
}

async function announceCalendar(
  db: Db,
  race: RaceRow,
  { title, body, isCancelled }: { title: string; body: string; isCancelled: boolean },
): Promise<void> {
  const data = { season: race.season, slug: race.slug, isCancelled };
  await db
    .insert(broadcasts)
    .values({ type: "system", raceId: race.id, title, body, link: `/api/v1/races/${race.season}/${race.slug}`, data });
  await wakeMails(db, "system");
}

/**
 * Reminds whoever has a team in the season, in one row, that a race locks soon. How their teams stand is added when they read
 * it. Answers whether it was news.
 */
export async function announceLock(db: Db, race: RaceRow, before: number): Promise<boolean> {
  const lockAt = race.lockAt.toISOString();
  const { rowCount } = await db
    .insert(broadcasts)
    .values({
      type: "lock_reminder",
      audience: "teams",
      occasion: `lock: race ${race.id}, ${before} ms before ${lockAt}`,
      raceId: race.id,
      title: `${race.name}: line-ups lock soon`,
      body: `They lock on ${IN_WORDS.format(race.lockAt)} UTC. What you save before then counts.`,
      link: `/api/v1/races/${race.season}/${race.slug}`,
      data: { season: race.season, slug: race.slug, lockAt },
    })
    .onConflictDoNothing();
  if (!rowCount) return false;
  await wakeMails(db, "lock_reminder");
  return true;
}

const IN_WORDS = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", dateStyle: "full", timeStyle: "short" });

/** Tells whoever saved a line-up for a race after what turned out to be its lock that the one before is fielded. */
export async function announceLateLineups(db: Db, race: RaceRow): Promise<void> {
  const data = { season: race.season, slug: race.slug, lockAt: race.lockAt.toISOString() };
  await db.execute(sql`
    insert into notifications (user_id, type, race_id, title, body, link, data)
    select distinct team.owner_id, 'system', ${race.id}::int,
      ${`${race.name}: your line-up came too late`}::text,
      ${`The race started earlier than its calendar said, and locked at ${data.lockAt}. What you saved after that counts from the next race on; the line-up before it is fielded.`}::text,
      ${`/api/v1/races/${race.season}/${race.slug}`}::text, ${JSON.stringify(data)}::jsonb
    from team_lineups saved join teams team on team.id = saved.team_id
    where saved.race_id = ${race.id} and team.removed_at is null
      and saved.saved_at >= (select lock_at from races where id = ${race.id})`);
}

function linkOf(race: RaceRow): string {
  return `/api/v1/races/${race.season}/${race.slug}/results`;
}

function summary(diff: readonly CarChange[]): string {
  const disqualified = diff
    .filter((change) => change.field === "finish" && change.to === "disqualified")
    .map((change) => change.driverId);
  const cars = new Set(diff.map((change) => change.driverId)).size;
  const changed = `${cars} ${cars === 1 ? "car" : "cars"} changed.`;
  return disqualified.length === 0 ? changed : `Disqualified: ${disqualified.join(", ")}. ${changed}`;
}
