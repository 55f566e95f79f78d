import type { ScoreLine } from "@pitwall/domain/scoring";
import { sql } from "drizzle-orm";
import {
  type AnyPgColumn,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";
import { drivers } from "./drivers.ts";
import { leagues } from "./leagues.ts";
import { revisions } from "./results.ts";
import { races, ruleSets } from "./seasons.ts";

/** One scoring of a revision. The digests let anyone prove that the same input gives the same scores. */
export const scoringRuns = pgTable(
  "scoring_runs",
  {
    id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
    raceId: integer("race_id").notNull(),
    revision: smallint("revision").notNull(),
    ruleSetId: text("rule_set_id")
      .notNull()
      .references(() => ruleSets.id),
    digestIn: text("digest_in").notNull(),
    digestOut: text("digest_out").notNull(),
    tookMs: integer("took_ms").notNull(),
    scoredAt: moment("scored_at").notNull(),
  },
  (t) => [
    unique("scoring_runs_unique").on(t.raceId, t.revision),
    foreignKey({
      name: "scoring_runs_revision",
      columns: [t.raceId, t.revision],
      foreignColumns: [revisions.raceId, revisions.n],
    }),
  ],
);

/** Points in tenths, with the ledger lines that add up to them. */
export const driverScores = pgTable(
  "driver_scores",
  {
    runId: integer("run_id")
      .notNull()
      .references(() => scoringRuns.id),
    driverKey: smallint("driver_key")
      .notNull()
      .references(() => drivers.key),
    points: integer("points").notNull(),
    lines: jsonb("lines").$type<ScoreLine[]>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.driverKey] })],
);

/**
 * Points in tenths of every line-up that somebody fielded in the race. No foreign keys: one statement fills it from the
 * tables they would name, and checking each row again costs more than all the rest.
 */
export const lineupScores = pgTable(
  "lineup_scores",
  {
    runId: integer("run_id").notNull(),
    lineupId: integer("lineup_id").notNull(),
    points: integer("points").notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.lineupId] })],
);

/** The standings after one race; a correction builds them anew, and `races.build_id` names the ones in force. */
export const standingsBuilds = pgTable(
  "standings_builds",
  {
    id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
    season: smallint("season").notNull(),
    raceId: integer("race_id")
      .notNull()
      .references(() => races.id),
    runId: integer("run_id")
      .notNull()
      .references(() => scoringRuns.id),
    /** The standings after the race before, whose totals these carry on. */
    carriedId: integer("carried_id").references((): AnyPgColumn => standingsBuilds.id, { onDelete: "set null" }),
    teams: integer("teams").notNull(),
    tookMs: integer("took_ms").notNull(),
    builtAt: moment("built_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [index("standings_builds_race").on(t.raceId)],
);

/**
 * One partition for each build, with the indexes that order it. All points in tenths; `best` is the best single race, which
 * orders equal totals.
 */
export const standings = pgTable(
  "standings",
  {
    buildId: integer("build_id").notNull(),
    teamId: uuid("team_id").notNull(),
    racePoints: integer("race_points").notNull(),
    total: integer("total").notNull(),
    best: integer("best").notNull(),
  },
  (t) => [primaryKey({ columns: [t.buildId, t.teamId] })],
);

/** How many teams stand above a total: a rank is a lookup here, not a count. */
export const rankSteps = pgTable(
  "rank_steps",
  {
    buildId: integer("build_id").notNull(),
    total: integer("total").notNull(),
    above: integer("above").notNull(),
    teams: integer("teams").notNull(),
  },
  (t) => [primaryKey({ columns: [t.buildId, t.total] })],
);

/** The same for the points of the one race. */
export const raceRankSteps = pgTable(
  "race_rank_steps",
  {
    buildId: integer("build_id").notNull(),
    racePoints: integer("race_points").notNull(),
    above: integer("above").notNull(),
    teams: integer("teams").notNull(),
  },
  (t) => [primaryKey({ columns: [t.buildId, t.racePoints] })],
);

/** A large league's own copy of its part of the newest standings. The newest for a league and a build is the one in force. */
export const leagueBuilds = pgTable(
  "league_builds",
  {
    id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
    leagueId: uuid("league_id")
      .notNull()
      .references(() => leagues.id, { onDelete: "cascade" }),
    buildId: integer("build_id")
      .notNull()
      .references(() => standingsBuilds.id, { onDelete: "cascade" }),
    members: integer("members").notNull(),
    tookMs: integer("took_ms").notNull(),
    builtAt: moment("built_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [index("league_builds_league").on(t.leagueId, t.buildId)],
);

/** Ranks are among the league's members: by total and by the points of the race, after it and after the race before. */
export const leagueStandings = pgTable(
  "league_standings",
  {
    buildId: integer("build_id").notNull(),
    teamId: uuid("team_id").notNull(),
    racePoints: integer("race_points").notNull(),
    total: integer("total").notNull(),
    best: integer("best").notNull(),
    rank: integer("rank").notNull(),
    raceRank: integer("race_rank").notNull(),
    rankBefore: integer("rank_before"),
    raceRankBefore: integer("race_rank_before"),
  },
  (t) => [
    primaryKey({ columns: [t.buildId, t.teamId] }),
    index("league_standings_order").on(t.buildId, sql`(-total)`, sql`(-best)`, t.teamId),
    index("league_standings_race_order").on(t.buildId, sql`(-race_points)`, sql`(-total)`, sql`(-best)`, t.teamId),
  ],
);

/**
 * What a correction moved: the race's scores by the revision before it and by its own, and the season's newest standings
 * before and after. What it did to one person follows from these, so that telling a million costs one row. The standings are
 * kept as long as the correction is told of, and null afterwards.
 */
export const corrections = pgTable(
  "corrections",
  {
    raceId: integer("race_id").notNull(),
    revision: smallint("revision").notNull(),
    runBefore: integer("run_before")
      .notNull()
      .references(() => scoringRuns.id),
    runAfter: integer("run_after")
      .notNull()
      .references(() => scoringRuns.id),
    buildBefore: integer("build_before").references(() => standingsBuilds.id, { onDelete: "set null" }),
    buildAfter: integer("build_after").references(() => standingsBuilds.id, { onDelete: "set null" }),
    /** How many teams it gave other points for the race. */
    teamsAffected: integer("teams_affected").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.raceId, t.revision] }),
    foreignKey({
      name: "corrections_revision",
      columns: [t.raceId, t.revision],
      foreignColumns: [revisions.raceId, revisions.n],
    }),
  ],
);
