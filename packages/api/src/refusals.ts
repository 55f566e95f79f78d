import type { Reason } from "@pitwall/domain/reasons";
import type { procedures } from "./procedures.ts";
import type { Route } from "./routes.ts";

type Procedures = typeof procedures;

const CURRENT = ["season.none", "season.not_found"] as const;
const RULED = ["league.not_allowed", "league.not_found"] as const;
const AS_OF = ["race.not_found", "result.no_such_revision", "standings.race_missing"] as const;
const RESULT = ["race.not_found", "result.no_such_revision", "result.none_yet"] as const;
const OWN = ["team.not_found", "team.not_yours"] as const;
const HASHED = ["auth.busy", "auth.too_many_attempts", "auth.wrong_password"] as const;
const ENTERED = [
  "league.already_member",
  "league.banned",
  "league.full",
  "league.not_found",
  "league.wrong_season",
  "team.not_found",
] as const;

/** Why each procedure may refuse, beside what holds for all of its kind. */
const OWN_REFUSALS: {
  readonly [Subject in keyof Procedures]: { readonly [Name in keyof Procedures[Subject]]: readonly Reason[] };
} = {
  auth: {
    register: [
      "auth.busy",
      "auth.email_taken",
      "auth.invalid_registration",
      "auth.no_cookies_here",
      "auth.username_taken",
    ],
    login: ["auth.busy", "auth.no_cookies_here", "auth.too_many_attempts", "auth.wrong_credentials"],
    refresh: [
      "auth.no_cookies_here",
      "auth.no_refresh_token",
      "auth.refresh_raced",
      "auth.refresh_reused",
      "auth.session_over",
    ],
    logout: [],
    logoutAll: [],
    me: ["user.not_found"],
    sessions: [],
    endSession: ["session.not_found"],
    changePassword: [...HASHED, "auth.invalid_password", "auth.no_cookies_here"],
    forgotPassword: [],
    resetPassword: ["auth.busy", "auth.invalid_password", "auth.link_over"],
    verifyEmail: ["auth.email_taken", "auth.link_over"],
    resendVerification: ["auth.email_verified", "auth.too_many_mails", "user.not_found"],
    changeEmail: [...HASHED, "auth.email_unchanged", "auth.too_many_mails"],
  },
  users: {
    me: ["user.not_found"],
    update: ["user.not_found"],
    remove: [...HASHED, "user.last_admin"],
    export: ["user.not_found"],
    search: [],
    byUsername: ["user.not_found"],
  },
  seasons: {
    list: [],
    byYear: ["season.not_found"],
    rules: ["season.not_found"],
    setRules: ["season.not_found", "season.rules_in_use", "season.unknown_rule_set"],
    ruleSets: [],
  },
  drivers: {
    list: [...CURRENT],
    byId: [...CURRENT, "driver.not_found"],
    points: [...CURRENT, "driver.not_found"],
    entries: ["race.not_found"],
    create: [...CURRENT, "constructor.not_found", "driver.number_taken", "driver.taken", "season.no_open_race"],
    update: [
      ...CURRENT,
      "constructor.not_found",
      "driver.no_price",
      "driver.not_found",
      "driver.number_taken",
      "driver.version_stale",
      "season.no_open_race",
    ],
    remove: ["driver.in_use", "driver.not_found", "driver.version_stale"],
    setPrice: [...CURRENT, "driver.not_found", "driver.version_stale"],
  },
  constructors: {
    list: [...CURRENT],
  },
  races: {
    list: [...CURRENT],
    next: [...CURRENT, "season.no_open_race"],
    bySlug: ["race.not_found"],
    create: ["race.circuit_unknown", "race.slug_missing", "race.taken", "race.times_impossible", "season.not_found"],
    update: [
      "race.circuit_unknown",
      "race.not_found",
      "race.over_before_its_lock",
      "race.times_impossible",
      "race.version_stale",
    ],
    remove: ["race.in_use", "race.not_found", "race.version_stale"],
  },
  results: {
    policy: [],
    current: [...RESULT],
    enter: ["race.cancelled", "race.not_found", "results.invalid", "results.too_early"],
    revisions: ["race.not_found"],
    scores: [...RESULT],
  },
  teams: {
    create: ["lineup.breaks_rules", "lineup.locked", "season.no_open_race", "season.not_found", "team.too_many"],
    list: ["auth.required"],
    byId: ["team.not_found"],
    mine: [...CURRENT],
    rename: [...OWN, "team.version_stale"],
    remove: [...OWN, "league.owner_must_transfer", "team.version_stale"],
    setLineup: [...OWN, "lineup.breaks_rules", "lineup.locked", "season.no_open_race", "team.version_stale"],
    lineup: ["lineup.hidden", "lineup.none_fielded", "race.not_found", "team.not_found"],
    lineups: [...OWN],
    checkLineup: ["lineup.locked", "season.no_open_race", "season.not_found"],
  },
  scores: {
    byTeam: ["team.not_found"],
    ledger: [...RESULT, "lineup.none_fielded"],
    simulate: [...RESULT],
    best: [...RESULT, "lineup.none_possible"],
  },
  leagues: {
    create: ["league.seats_out_of_range", "league.wrong_season", "season.not_found", "team.not_found"],
    list: ["auth.required"],
    byId: ["league.not_found"],
    join: [...ENTERED],
    joinByCode: [...ENTERED],
    leave: ["league.not_a_member", "league.not_found", "league.owner_must_transfer"],
    members: ["league.not_found"],
    update: [...RULED, "league.seats_below_members", "league.seats_out_of_range", "league.version_stale"],
    remove: [...RULED, "league.version_stale"],
    renewCode: [...RULED, "league.version_stale"],
    transfer: [...RULED, "league.heir_cannot_sign_in", "league.not_a_member", "league.version_stale"],
    setRole: [...RULED, "league.not_a_member", "league.owner_must_transfer"],
    removeMember: [...RULED, "league.leave_instead", "league.not_a_member"],
    bans: [...RULED],
    lift: [...RULED, "league.not_banned"],
  },
  standings: {
    global: [...CURRENT, ...AS_OF, "standings.bad_cursor"],
    me: [...CURRENT, ...AS_OF],
    around: [...AS_OF, "team.not_found"],
    league: [...AS_OF, "league.not_found", "standings.bad_cursor"],
    leagueMe: [...AS_OF, "league.not_a_member", "league.not_found"],
    leagueAround: [...AS_OF, "league.no_such_team", "league.not_found"],
  },
  notifications: {
    list: [],
    count: [],
    read: ["notification.not_found"],
    readAll: [],
    delete: ["notification.not_found"],
    preferences: [],
    setPreferences: [],
  },
  admin: {
    users: [],
    changeUser: ["user.last_admin", "user.not_found"],
    audit: [],
    syncs: ["season.none"],
    jobs: [],
    jobRuns: [],
    runJob: [],
    retryRun: ["run.not_failed", "run.not_found", "run.outdated"],
    feed: ["season.none"],
    heldBody: ["feed.no_such_body"],
    checkRace: ["race.cancelled", "race.not_found", "results.too_early"],
    rescoreRace: ["race.not_found", "result.none_yet"],
    rescoreSeason: ["season.not_found"],
  },
  stats: {
    public: [],
  },
};

const KEYED = ["idempotency.in_progress", "idempotency.key_reused"] as const;

/** Every reason for which a procedure may refuse, whichever way it is asked. */
export function refusalsOf({ name, method, who, ignoresToken, takesKey, type }: Route): readonly Reason[] {
  const isUsers = who !== "anyone";
  const writes = method !== "GET";
  return [
    "request.malformed",
    ...(isUsers ? (["auth.required"] as const) : []),
    ...(ignoresToken ? [] : (["auth.token_invalid"] as const)),
    ...(isUsers && type === "mutation" ? (["auth.session_over"] as const) : []),
    ...(who === "admin" ? (["auth.admin_only"] as const) : []),
    // A key that is none is refused before it is known whether anybody asks for one.
    ...(writes ? (["request.foreign_origin", "idempotency.key_malformed"] as const) : []),
    ...(takesKey ? KEYED : []),
    ...own(name),
    "request.rate_limited",
    "service.unavailable",
    "request.timed_out",
  ];
}

function own(name: string): readonly Reason[] {
  const [subject = "", verb = ""] = name.split(".");
  const refusals = new Map(
    Object.entries(OWN_REFUSALS).flatMap(([of, verbs]) => (of === subject ? Object.entries(verbs) : [])),
  );
  return refusals.get(verb) ?? [];
}
