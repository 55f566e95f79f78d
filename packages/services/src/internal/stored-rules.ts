import type { Db } from "@pitwall/db/database";
import { ruleSets } from "@pitwall/db/schema";
import type { Ruleset } from "@pitwall/domain/rulesets";
import { eq } from "drizzle-orm";
import { sha256 } from "./digests.ts";

export function digestOfRules(rules: Ruleset): string {
  return sha256(JSON.stringify(rules));
}

/** Publishes a rule set once and for all: figures that differ from those that are stored are a mistake of a release. */
export async function storeRules(db: Db, rules: Ruleset): Promise<void> {
  const digest = digestOfRules(rules);
  await db
    .insert(ruleSets)
    .values({ id: rules.id, name: rules.name, version: rules.version, figures: rules, digest })
    .onConflictDoNothing();
  const [stored] = await db.select({ digest: ruleSets.digest }).from(ruleSets).where(eq(ruleSets.id, rules.id));
  if (stored?.digest !== digest)
    throw new Error(`the rule set ${rules.id} was edited after it was used; give the change a version of its own`);
}
