import { memoryCache } from "@pitwall/cache/memory";
import type { Db } from "@pitwall/db/database";
import type { SeasonFacts } from "@pitwall/db/facts";
import type { Classification } from "@pitwall/domain/classifications";
import { SCHEDULE } from "@pitwall/domain/schedule";
import type { ServiceContext } from "@pitwall/services/context";
import { lockDueRaces } from "@pitwall/services/races";
import { receiveAnswer } from "@pitwall/services/results/receive";
import { seedSeason } from "@pitwall/services/seasons/seed";
import { sql } from "drizzle-orm";
import { placed, type Rearranging } from "./documents.ts";
import type { Choice } from "./load/script.ts";
import { enterTeams, legalLineups, PLAYED, type Rarities, raritiesOf, upcomingSeason } from "./season.ts";

const HOUR = 3_600_000;

/** A season that is played as fast as the machine can, through the services that play any other. */
export interface Weekends {
  readonly season: number;
  readonly ctx: ServiceContext;
  /** Line-ups that may be saved for the race that stays open. */
  readonly choices: readonly Choice[];
  /** The race that stays open. */
  readonly open: { readonly id: number; readonly slug: string };
  /** The newest that may have a result. */
  readonly newest: { readonly slug: string };
  /** Sees to it that the first so many are locked. */
  locked(races: number): Promise<void>;
  /** Sees to it that the first so many have a result. */
  scored(races: number): Promise<void>;
  /** How many are. */
  readonly done: { readonly locked: number; readonly scored: number };
  /** Answers how many teams that touched. */
  correct(nth: number, how: Rearranging): Promise<number>;
}

export async function makeSeason(db: Db, teams: number): Promise<Weekends> {
  let now = new Date();
  const quiet = () => undefined;
  const ctx: ServiceContext = {
    db,
    cache: memoryCache(),
    actor: { kind: "system", name: "bench" },
    now: () => now,
    log: { info: quiet, warn: quiet, error: quiet },
    schedule: SCHEDULE,
  };
  const facts = upcomingSeason();
  const { season } = facts;
  await seedSeason(ctx, facts);
  const { rows: races } = await db.execute<{ id: number; slug: string; flagDueAt: string }>(sql`
    select id, slug, flag_due_at::text as "flagDueAt" from races where season = ${season} order by lock_at`);
  const rarities = raritiesOf(facts);
  await enterTeams(db, { season, teams, lineups: legalLineups(facts, 0), rarities });
  const documents = documentsOf(facts, rarities);
  const done = { locked: 0, scored: 0 };

  async function tell(nth: number): Promise<void> {
    const [race, classification] = [races[nth], documents[nth]];
    if (!race || !classification) throw new Error(`the season has no race ${nth + 1}`);
    now = new Date(Math.max(now.getTime(), Date.parse(race.flagDueAt) + 29 * HOUR) + HOUR);
    const answer = { kind: "classification", classification, body: "" } as const;
    const outcome = await receiveAnswer(ctx, { raceId: race.id, source: "bench", answer });
    if (outcome !== "recorded" && outcome !== "corrected") throw new Error(`a result was not taken: ${outcome}`);
  }

  async function locked(wanted: number): Promise<void> {
    for (; done.locked < wanted; done.locked += 1) {
      await db.execute(sql`update races set lock_at = clock_timestamp() where id = ${races[done.locked]?.id ?? 0}`);
      await lockDueRaces(ctx);
    }
  }

  return {
    season,
    ctx,
    choices: choicesOf(facts),
    open: raceAt(races, -1),
    newest: raceAt(races, -2),
    done,
    locked,
    async scored(wanted) {
      for (; done.scored < wanted; done.scored += 1) {
        await locked(done.scored + 1);
        await tell(done.scored);
      }
    },
    async correct(nth, how) {
      const document = documents[nth];
      if (document) documents[nth] = how(document);
      await tell(nth);
      const { rows } = await db.execute<{ teams: number }>(
        sql`select teams_affected as teams from corrections where race_id = ${races[nth]?.id ?? 0} order by revision desc limit 1`,
      );
      return rows[0]?.teams ?? 0;
    },
  };
}

const MOST_CHOICES = 2_000;

function choicesOf(facts: SeasonFacts): Choice[] {
  const legal = legalLineups(facts, PLAYED);
  const step = Math.max(1, Math.floor(legal.length / MOST_CHOICES));
  const some = legal.filter((_, nth) => nth % step === 0);
  return some.map((driverIds, nth) => ({ driverIds, captainId: driverIds[nth % driverIds.length] ?? "" }));
}

function raceAt<Race>(races: readonly Race[], at: number): Race {
  const race = races.at(at);
  if (!race) throw new Error("the season is too short");
  return race;
}

/** The first revisions, with the rare pairs where they can be swapped for a few points. */
function documentsOf({ races }: SeasonFacts, rarities: Rarities): Classification[] {
  return races.flatMap(({ revisions: [first] }) => (first ? [placed(first.classification, rarities)] : []));
}
