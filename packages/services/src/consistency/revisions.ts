import type { Db } from "@pitwall/db/database";
import { type SQL, sql } from "drizzle-orm";
import { type Fault, type Finding, found } from "./report.ts";

/** The revisions of all races: how they are numbered, that each differs from the one before, and what was told and noted of it. */
export async function revisionFindings(db: Db): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { fault, rows } of CHECKS) findings.push(...(await perRace(db, fault, rows)));
  return findings;
}

async function perRace(db: Db, fault: Fault, rows: SQL): Promise<Finding[]> {
  const wrong = await db.execute<{ season: number; where: string; count: number; example: number | null }>(sql`
    select race.season::int as season, race.slug as where, count(*)::int as count, min(wrong.n)::int as example
    from (${rows}) wrong join races race on race.id = wrong.race_id group by race.id order by race.season, race.id`);
  return wrong.rows.flatMap(({ count, example, ...at }) => found(fault, at, count, `revision ${example}`));
}

const CHECKS: readonly { readonly fault: Fault; readonly rows: SQL }[] = [
  {
    fault: "revision.numbers",
    rows: sql`select race.id as race_id, max(revision.n) as n from races race left join revisions revision on revision.race_id = race.id
      group by race.id having race.revision is distinct from max(revision.n) or count(revision.n) <> coalesce(max(revision.n), 0)`,
  },
  {
    fault: "revision.repeated",
    rows: sql`select race_id, n from (select race_id, n, digest, lag(digest) over (partition by race_id order by n) as before from revisions) neighbour
      where digest = before`,
  },
  // Notices go after thirty days, oldest first: what came in after one that is still told of must be told of too. What was
  // shipped is history, and is not announced.
  {
    fault: "notice.missing",
    rows: sql`select race_id, n from (
        select revision.*, run.id as run_id, told.id is not null as is_told,
          min(run.id) filter (where told.id is not null) over (partition by race.season) as first_told
        from revisions revision join races race on race.id = revision.race_id
        left join scoring_runs run on run.race_id = revision.race_id and run.revision = revision.n
        left join broadcasts told on told.race_id = revision.race_id and told.revision = revision.n
          and told.type = case revision.n when 1 then 'results_in' else 'correction' end
      ) announced
      where not is_told and source <> 'shipped' and (run_id > first_told or recorded_at > clock_timestamp() - interval '29 days')`,
  },
  {
    fault: "notice.unfounded",
    rows: sql`select told.race_id, told.revision as n from broadcasts told
      left join revisions revision on revision.race_id = told.race_id and revision.n = told.revision
      where told.type in ('results_in', 'correction')
        and (revision.n is null or (told.type = 'results_in') <> (revision.n = 1))`,
  },
  {
    fault: "correction.effects",
    rows: sql`select revision.race_id, revision.n from revisions revision
      left join scoring_runs before on before.race_id = revision.race_id and before.revision = revision.n - 1
      left join scoring_runs after on after.race_id = revision.race_id and after.revision = revision.n
      left join corrections noted on noted.race_id = revision.race_id and noted.revision = revision.n
      where revision.n > 1
        and (noted.race_id is null or (noted.run_before, noted.run_after) is distinct from (before.id, after.id))`,
  },
];
