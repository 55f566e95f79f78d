import { seasonFacts, shippedSeasons } from "@pitwall/db/facts";
import type { AccountContext } from "@pitwall/services/context";
import { recordShippedResults } from "@pitwall/services/results/shipped";
import { seedSeason } from "@pitwall/services/seasons/seed";
import { ensureAdmin } from "@pitwall/services/users";
import type { Env } from "./env.ts";

/** Makes a fresh database playable: the shipped seasons with their results, and the first admin. Repeating it is harmless. */
export async function prepareGame(services: Omit<AccountContext, "actor">, admin: Env["admin"]): Promise<void> {
  const ctx: AccountContext = { ...services, actor: { kind: "system", name: "start" } };
  for (const year of shippedSeasons()) {
    const facts = seasonFacts(year);
    await seedSeason(ctx, facts);
    await recordShippedResults(ctx, facts);
  }
  if (admin && (await ensureAdmin(ctx, admin)))
    services.log.info("the first admin was made", { username: admin.username });
}
