import { randomUUID } from "node:crypto";
import { memoryCache } from "@pitwall/cache/memory";
import { type Database, openDatabase, PATIENT } from "@pitwall/db/database";
import { type SeasonFacts, seasonFacts } from "@pitwall/db/facts";
import { SCHEDULE } from "@pitwall/domain/schedule";
import { createDatabase, dropDatabase } from "@pitwall/rig/databases";
import type { Log } from "@pitwall/services/context";
import { SEEDING } from "@pitwall/services/results/receive";
import { seedSeason } from "@pitwall/services/seasons/seed";
import { layAgain, rememberLaid } from "./laid.ts";
import { clockedUrl, installClock, turnClock } from "./turned-clock.ts";

/**
 * Every race whose result was really corrected is in one of them, sprints and both rule sets as well. A season costs by its races and
 * finds by what happens in it, so each is short.
 */
const EDITIONS = [
  { year: 2025, ruleset: "standard-1", slugs: ["australian", "las-vegas"] },
  { year: 2025, ruleset: "extended-1", slugs: ["chinese", "miami"] },
  { year: 2025, ruleset: "standard-1", slugs: ["singapore", "mexico-city", "abu-dhabi"] },
  { year: 2025, ruleset: "extended-1", slugs: ["bahrain", "las-vegas"] },
  { year: 2026, ruleset: "standard-1", slugs: ["monaco", "british"] },
  { year: 2026, ruleset: "extended-1", slugs: ["chinese", "monaco"] },
  { year: 2025, ruleset: "extended-1", slugs: ["miami", "singapore"] },
] as const;

export const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A machine that stands still for some seconds is none of the troubles of a season. */
export const UNHURRIED = { ...PATIENT, connectTimeout: 60_000 };

/** A database in which a season has been laid down and nothing has happened. */
export interface Ground {
  readonly url: string;
  readonly database: Database;
  /** Hands it back, to be laid again for another season. */
  leave(): Promise<void>;
}

export interface Edition {
  readonly facts: SeasonFacts;
  open(): Promise<Ground>;
}

export interface Editions {
  readonly count: number;
  of(index: number): Promise<Edition>;
  drop(): Promise<void>;
}

/** On a server with an empty, migrated database to copy. */
export function editionsOn(server: string, migrated: string): Editions {
  const made = new Map<number, ReturnType<typeof anEdition>>();
  return {
    count: EDITIONS.length,
    async of(index) {
      const known = made.get(index) ?? anEdition(server, migrated, factsOf(index));
      made.set(index, known);
      return (await known).edition;
    },
    async drop() {
      for (const one of made.values()) {
        const { template, idle } = await one;
        for (const { database } of idle) await database.close();
        await dropDatabase(server, template);
      }
    },
  };
}

function factsOf(index: number): SeasonFacts {
  const { year, ruleset, slugs } = EDITIONS[index % EDITIONS.length] ?? EDITIONS[0];
  const facts = seasonFacts(year);
  const wanted = new Set(slugs.map((slug) => `${slug}-grand-prix`));
  return { ...facts, ruleset, races: facts.races.filter(({ slug }) => wanted.has(slug)) };
}

async function anEdition(server: string, migrated: string, facts: SeasonFacts) {
  const template = `pitwall_edition_${randomUUID().slice(0, 8)}`;
  const url = clockedUrl(await createDatabase(server, template, migrated));
  const { db, pool, close } = openDatabase({ url, max: 1, ...UNHURRIED });
  await installClock(pool);
  const [first] = facts.races;
  const opensAt = new Date((first?.sessions.race.getTime() ?? 0) - OPENS_BEFORE);
  await turnClock(pool, opensAt);
  const actor = { kind: "system", name: SEEDING } as const;
  const races = facts.races.map((race) => ({ ...race, revisions: [] }));
  const ctx = { db, cache: memoryCache(), actor, now: () => opensAt, log: SILENT, schedule: SCHEDULE };
  await seedSeason(ctx, { ...facts, races });
  await rememberLaid(pool);
  await close();
  const idle: Ground[] = [];
  const open = async (): Promise<Ground> => idle.pop() ?? aGround(server, template, (ground) => idle.push(ground));
  return { edition: { facts, open }, template, idle };
}

async function aGround(server: string, template: string, left: (ground: Ground) => void): Promise<Ground> {
  const name = `pitwall_season_${randomUUID().slice(0, 8)}`;
  const url = clockedUrl(await createDatabase(server, name, template));
  const database = openDatabase({ url, max: 2, applicationName: "the season", ...UNHURRIED });
  const ground: Ground = {
    url,
    database,
    async leave() {
      await layAgain(database.pool);
      left(ground);
    },
  };
  return ground;
}

/** Before the first race starts, in milliseconds. */
const OPENS_BEFORE = 10 * 24 * 3_600_000;
