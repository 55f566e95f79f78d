import type { Tenths } from "@pitwall/domain/tenths";
import { sql } from "drizzle-orm";
import type { ServiceContext } from "./context.ts";
import { rulesOfSeason } from "./internal/race-lookup.ts";

export interface ConstructorView {
  readonly id: string;
  readonly name: string;
  readonly nationality: string;
  /** What its cars earned in the season by the current revisions, whoever drove them. */
  readonly points: Tenths;
  /** By these points; equals share one. */
  readonly rank: number;
  /** Who drives or drove for it, with what they earned in its cars, the best first. */
  readonly drivers: readonly { readonly driverId: string; readonly points: Tenths }[];
}

/** The constructors that enter cars in a season, the best first. */
export async function listConstructors(
  ctx: ServiceContext,
  { season }: { readonly season: number },
): Promise<{ items: ConstructorView[] }> {
  await rulesOfSeason(ctx.db, season);
  const { rows } = await ctx.db.execute<{ [Field in keyof ConstructorView]: ConstructorView[Field] }>(sql`
    with entered as (
      select distinct entry.constructor_id, entry.driver_id
      from races race cross join lateral (select * from race_entries where race_id = race.id offset 0) entry
      where race.season = ${season}
    ),
    earned as (
      select car.constructor_id, car.driver_id, sum(score.points)::int as points
      from races race
      join scoring_runs run on run.race_id = race.id and run.revision = race.revision
      join driver_scores score on score.run_id = run.id
      join drivers driver on driver.key = score.driver_key
      cross join lateral (
        select listed.constructor_id, listed.driver_id from classifications listed
        where listed.race_id = race.id and listed.revision = race.revision and listed.driver_id = driver.id
        order by listed.session = 'race' desc limit 1
      ) car
      where race.season = ${season} and race.cancelled_at is null
      group by car.constructor_id, car.driver_id
    ),
    driven as (
      select constructor_id, driver_id, coalesce(points, 0) as points
      from entered full join earned using (constructor_id, driver_id)
    )
    select constructor.id, constructor.name, constructor.nationality, sum(driven.points)::int as points,
      (rank() over (order by sum(driven.points) desc))::int as rank,
      jsonb_agg(jsonb_build_object('driverId', driven.driver_id, 'points', driven.points)
        order by driven.points desc, driven.driver_id) as drivers
    from driven join constructors constructor on constructor.id = driven.constructor_id
    group by constructor.id
    order by points desc, constructor.name, constructor.id`);
  return { items: rows };
}
