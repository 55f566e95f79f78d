import type { Db } from "@pitwall/db/database";
import { broadcasts } from "@pitwall/db/schema";
import type { CarChange } from "@pitwall/domain/classifications";
import { sql } from "drizzle-orm";
import type { RaceRow } from "./race-lookup.ts";

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
}

/** Tells everybody, in one row, that a result was corrected and what changed. */
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
}

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

interface CorrectedStandings {
  readonly race: RaceRow;
  readonly revision: number;
  readonly runBefore: number;
  readonly runAfter: number;
  /** The season's newest standings before the correction and after it. */
  readonly buildBefore: number;
  readonly buildAfter: number;
}

/**
 * Tells each player whose points the correction changed what it did to them: one note for a player, all their teams in it.
 * A rank that moved because others' points did is not worth a million notes. Points are decimals in `data`, as for people.
 */
export async function announceEffects(db: Db, c: CorrectedStandings): Promise<number> {
  const { rowCount } = await db.execute(sql`
    insert into notifications (user_id, type, race_id, revision, title, body, link, data)
    select effect.owner_id, 'correction', ${c.race.id}::int, ${c.revision}::int,
      ${`${c.race.name}: what the correction did to you`}::text,
      string_agg(format('%s: %s points, were %s; rank %s, was %s.', effect.name,
        to_char(effect.points_after / 10.0, 'FM9999990.0'), to_char(effect.points_before / 10.0, 'FM9999990.0'),
        effect.rank_after, effect.rank_before), ' ' order by effect.team_id),
      ${linkOf(c.race)}::text,
      jsonb_build_object('season', ${c.race.season}::int, 'slug', ${c.race.slug}::text, 'revision', ${c.revision}::int, 'teams',
        jsonb_agg(jsonb_build_object('teamId', effect.team_id, 'pointsBefore', round(effect.points_before / 10.0, 1), 'pointsAfter', round(effect.points_after / 10.0, 1),
          'rankBefore', effect.rank_before, 'rankAfter', effect.rank_after) order by effect.team_id))
    from (
      select team.id as team_id, team.owner_id, team.name,
        score_before.points as points_before, score_after.points as points_after,
        step_before.above + 1 as rank_before, step_after.above + 1 as rank_after
      from fielded
      join teams team on team.id = fielded.team_id and team.removed_at is null
      join lineup_scores score_before on score_before.run_id = ${c.runBefore} and score_before.lineup_id = fielded.lineup_id
      join lineup_scores score_after on score_after.run_id = ${c.runAfter} and score_after.lineup_id = fielded.lineup_id
      join standings before on before.build_id = ${c.buildBefore} and before.team_id = team.id
      join standings after on after.build_id = ${c.buildAfter} and after.team_id = team.id
      join rank_steps step_before on step_before.build_id = ${c.buildBefore} and step_before.total = before.total
      join rank_steps step_after on step_after.build_id = ${c.buildAfter} and step_after.total = after.total
      where fielded.race_id = ${c.race.id}
        and score_before.points <> score_after.points
    ) effect
    group by effect.owner_id
    on conflict do nothing`);
  return rowCount ?? 0;
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
