import { withTx } from "@pitwall/db/database";
import { seasons } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { type Ruleset, ruleset, rulesets } from "@pitwall/domain/rulesets";
import { eq } from "drizzle-orm";
import type { ServiceContext } from "../context.ts";
import { audit } from "../internal/audit.ts";
import { refusing } from "../internal/breaches.ts";
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
      const chosen = db.update(seasons).set({ ruleSetId: rules.id }).where(eq(seasons.year, input.season));
      await refusing(() => chosen.execute(), { PW007: () => rulesInUse(input.season) });
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
