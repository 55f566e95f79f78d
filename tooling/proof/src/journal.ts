import type { Db } from "@pitwall/db/database";
import { type SQL, sql } from "drizzle-orm";
import type { Breach } from "./breach.ts";

/** A write that somebody asked for, by names that were theirs before it was answered. */
export type Write =
  | { readonly kind: "user"; readonly username: string }
  | { readonly kind: "team"; readonly owner: string; readonly name: string }
  | { readonly kind: "lineup"; readonly team: string; readonly version: number; readonly captain: string }
  | { readonly kind: "league"; readonly owner: string; readonly name: string }
  | { readonly kind: "seat"; readonly league: string; readonly team: string }
  | { readonly kind: "key"; readonly owner: string; readonly key: string };

/** What the client heard: it was done, it was refused, or nothing that would tell. */
export type Entry = Write & { readonly fate: "acknowledged" | "refused" | "unknown" };

/** Whether what was acknowledged is there, once, what was refused is not, and all else is whole or absent. */
export async function journalBreaches(db: Db, journal: readonly Entry[]): Promise<Breach[]> {
  const breaches: Breach[] = [];
  for (const { fate, ...write } of journal) {
    const parts = await Promise.all(partsOf(write).map((part) => countOf(db, part)));
    const isWhole = parts.every((count) => count === 1);
    const isAbsent = parts.every((count) => count === 0);
    const holds = { acknowledged: isWhole, refused: isAbsent, unknown: isWhole || isAbsent }[fate];
    if (holds) continue;
    const invariant = parts.some((count) => count > 1) ? "I19" : "I13";
    breaches.push({
      invariant,
      words: `${fate}, and found ${parts.join(" and ")} of it`,
      where: JSON.stringify(write),
    });
  }
  return breaches;
}

/** Each is there once if the write was done. */
function partsOf(write: Write): SQL[] {
  switch (write.kind) {
    case "user":
      return [sql`users where lower(username) = lower(${write.username})`];
    case "team": {
      const made = sql`teams team join users owner on owner.id = team.owner_id
        where owner.username = ${write.owner} and team.name = ${write.name}`;
      return [made, sql`team_lineups where version = 1 and team_id in (select team.id from ${made})`];
    }
    case "lineup":
      return [
        sql`team_lineups saved join lineups lineup on lineup.id = saved.lineup_id join drivers driver on driver.key = lineup.captain
          where saved.team_id = ${write.team} and saved.version = ${write.version} and driver.id = ${write.captain}`,
      ];
    case "league":
      return [
        sql`leagues league join users owner on owner.id = league.owner_id
          where owner.username = ${write.owner} and league.name = ${write.name}`,
      ];
    case "seat":
      return [sql`league_members where league_id = ${write.league} and team_id = ${write.team}`];
    case "key":
      return [
        sql`idempotency_keys kept join users owner on owner.id = kept.user_id
          where owner.username = ${write.owner} and kept.key = ${write.key} and kept.answer is not null`,
      ];
  }
}

async function countOf(db: Db, part: SQL): Promise<number> {
  const { rows } = await db.execute<{ count: number }>(sql`select count(*)::int as count from ${part}`);
  return rows[0]?.count ?? 0;
}
