import type { World } from "./world.ts";

export interface Offer {
  readonly driverId: string;
  readonly constructorId: string;
  readonly number: number;
  readonly price: number;
}

/** Whom a line-up can be made of now, read from the tables by other means than the house's own. */
export interface Market {
  /** For which race; null where none is open. */
  readonly race: string | null;
  readonly offers: readonly Offer[];
  /** Known, and not entered. */
  readonly benched: readonly string[];
}

export async function marketIn({ database, facts, now }: World): Promise<Market> {
  const { rows } = await database.pool.query<Offer & { race: string; isEntered: boolean }>({
    ...{ name: "market", text: MARKET },
    values: [facts.season, now()],
  });
  const entered = rows.filter(({ isEntered }) => isEntered);
  return {
    race: rows[0]?.race ?? null,
    offers: entered,
    benched: rows.filter(({ isEntered }) => !isEntered).map(({ driverId }) => driverId),
  };
}

const MARKET = `
  with open as (
    select id, slug from races where season = $1 and lock_at > $2 and locked_at is null and cancelled_at is null order by lock_at limit 1
  ),
  prices as (
    select distinct on (driver_id) driver_id, price from driver_prices where season = $1 order by driver_id, since desc
  )
  select open.slug as race, drivers.id as "driverId", constructor_id as "constructorId", number, price, constructor_id is not null as "isEntered"
  from open cross join drivers join prices on prices.driver_id = drivers.id
  left join race_entries entry on entry.race_id = open.id and entry.driver_id = drivers.id
  order by drivers.id`;
