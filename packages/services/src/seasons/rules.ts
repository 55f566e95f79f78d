import { withTx } from "@pitwall/db/database";
import { seasons } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { type Ruleset, ruleset, rulesets } from "@pitwall/domain/rulesets";
import { eq, sql } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { audit } from "../internal/audit.ts";
import { rulesOfSeason } from "../internal/race-lookup.ts";
import { storeRules } from "../internal/stored-rules.ts";
import { type RulesView, rulesOf } from "./reading.ts";

/** Chooses the rules that a season is played under, until its first race locks. Choosing the same again changes nothing. */
export function setRules(
  ctx: ServiceContext,
  input: { readonly season: number; readonly ruleSet: string },
): Promise<RulesView> {
  return withTx(ctx.db, async (db) => {
    await db.select({ year: seasons.year }).from(seasons).where(eq(seasons.year, input.season)).for("update");
    const before = await rulesOfSeason(db, input.season);
    const rules = knownRules(input.ruleSet);
    if (rules.id !== before.id) {
      await storeRules(db, rules);
      const [changed] = await db
        .update(seasons)
        .set({ ruleSetId: rules.id })
        .where(sql`${seasons.year} = ${input.season} and not exists (
          select from races race where race.season = ${input.season}
            and (race.locked_at is not null or (race.lock_at <= clock_timestamp() and race.cancelled_at is null)))`)
        .returning({ year: seasons.year });
      if (!changed) throw rulesInUse(input.season);
      const detail = { from: before.id, to: rules.id };
      await audit({ ...ctx, db }, { act: "set_rules", subject: String(input.season), detail });
    }
    return rulesOf({ ...ctx, db }, input);
  });
}

function knownRules(id: string): Ruleset {
  const rules = ruleset(id);
  if (rules) return rules;
  const ids = rulesets.map((one) => one.id).join(", ");
  throw new DomainError("broken_rule", "season.unknown_rule_set", `There are no rules "${id}". Choose one of: ${ids}.`);
}

function rulesInUse(season: number): DomainError {
  return new DomainError(
    "conflict",
    "season.rules_in_use",
    `A race of the season ${season} has locked, so its rules stand. Rules are chosen before the first race.`,
  );
}
