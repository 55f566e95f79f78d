import type { Db } from "@pitwall/db/database";
import { HOUR, SECOND } from "@pitwall/domain/durations";
import { type SQL, sql } from "drizzle-orm";

export interface BudgetContext {
  readonly db: Db;
  /** Left out, the database's clock decides, which is one for all processes. */
  readonly now?: () => Date;
}

/** What a source is asked at most, by all processes together. Durations in milliseconds. */
export interface Allowance {
  readonly source: string;
  /** Between the starts of two requests. */
  readonly gap: number;
  /** Requests that may be made in one go after a rest; in any stretch of time it is these and what comes back in it. */
  readonly burst: number;
  /** How long one takes to come back. */
  readonly refill: number;
}

export type Turn =
  | { readonly kind: "granted"; readonly waitMs: number }
  | { readonly kind: "denied"; readonly because: "refused" | "failing" | "spent"; readonly forMs: number };

/** Takes one request out of the budget. A granted one has a moment of its own, `waitMs` from now, that nobody else gets. */
export async function takeTurn(ctx: BudgetContext, allowance: Allowance): Promise<Turn> {
  const { source, burst } = allowance;
  const [gap, refill] = [interval(allowance.gap), interval(allowance.refill)];
  const { rows } = await ctx.db.execute<{ wait: number }>(sql`
    insert into source_budgets as held (source, asked_at, next_at, full_at, silent_until)
    select ${source}, at, at + ${gap}, at + ${refill}, at from (select ${clock(ctx)} as at) clock
    on conflict (source) do update set
      asked_at = excluded.asked_at,
      next_at = greatest(held.next_at, excluded.asked_at) + ${gap},
      full_at = greatest(held.full_at, excluded.asked_at) + ${refill}
    where held.silent_until <= excluded.asked_at
      and greatest(held.full_at, excluded.asked_at) + ${refill} <= excluded.asked_at + ${burst}::int * ${refill}
    returning ${milliseconds(sql`next_at - ${gap} - asked_at`)} as wait`);
  const [taken] = rows;
  return taken ? { kind: "granted", waitMs: taken.wait } : denial(ctx, allowance);
}

async function denial(ctx: BudgetContext, { source, burst, refill }: Allowance): Promise<Turn> {
  const silence = await silenceOf(ctx, source);
  if (silence) return silence;
  const { rows } = await ctx.db.execute<{ wait: number }>(sql`
    select ${milliseconds(sql`full_at - ${burst - 1}::int * ${interval(refill)} - ${clock(ctx)}`)} as wait
    from source_budgets where source = ${source}`);
  return { kind: "denied", because: "spent", forMs: Math.max(1, rows[0]?.wait ?? 0) };
}

/** Whoever waited for a granted turn asks again whether it still stands: another process may have been refused meanwhile. */
export async function silenceOf(ctx: BudgetContext, source: string): Promise<Extract<Turn, { kind: "denied" }> | null> {
  const { rows } = await ctx.db.execute<{ wait: number; because: "refused" | "failing" }>(sql`
    select ${milliseconds(sql`silent_until - at`)} as wait, case when refusals > 0 then 'refused' else 'failing' end as because
    from source_budgets, (select ${clock(ctx)} as at) clock where source = ${source} and silent_until > at`);
  const [silence] = rows;
  return silence ? { kind: "denied", because: silence.because, forMs: silence.wait } : null;
}

/** A source counts by the hour, so an hour is enough, whatever it asks for. */
const REFUSED = { counter: sql.raw("refusals"), first: 2 * SECOND, longest: HOUR };
/** The tick an hour after a failure is to find the silence over. */
const FAILING = { counter: sql.raw("failures"), first: 30 * SECOND, longest: HOUR / 2 };

export interface Setback {
  readonly source: string;
  readonly why: "refused" | "failing";
  /** What the source asked for, in milliseconds. */
  readonly atLeast: number;
}

/**
 * Silences every process: for as long as the source asks, and twice as long for each setback in a row. Those that
 * come during a silence are of one wave with the one that began it. A little chance keeps those who were refused together
 * from coming back together. Answers how long, in milliseconds.
 */
export async function fallSilent(ctx: BudgetContext, { source, why, atLeast }: Setback): Promise<number> {
  const { counter, first, longest } = why === "refused" ? REFUSED : FAILING;
  const before = sql`greatest(0, ${counter} - (silent_until > at)::int)`;
  const pause = sql`greatest(${atLeast}::float8, ${first}::int * power(2, least(${before}, 20))) * (1 + random() / 4)`;
  const { rows } = await ctx.db.execute<{ wait: number }>(sql`
    update source_budgets set
      ${counter} = ${before} + 1,
      silent_until = greatest(silent_until, at + least(${longest}::float8, ${pause}) * interval '1 millisecond')
    from (select ${clock(ctx)} as at) clock where source = ${source}
    returning ${milliseconds(sql`silent_until - at`)} as wait`);
  return rows[0]?.wait ?? 0;
}

/** The source answers again: the next setback is a first one. */
export async function recover(ctx: BudgetContext, source: string): Promise<void> {
  await ctx.db.execute(sql`
    update source_budgets set refusals = 0, failures = 0 where source = ${source} and refusals + failures > 0`);
}

function clock({ now }: BudgetContext): SQL {
  return now ? sql`${now().toISOString()}::timestamptz` : sql`clock_timestamp()`;
}

function interval(ms: number): SQL {
  return sql`${ms}::float8 * interval '1 millisecond'`;
}

function milliseconds(span: SQL): SQL {
  return sql`ceil(extract(epoch from ${span}) * 1000)::float8`;
}
