import { randomUUID } from "node:crypto";
import { fieldOf } from "@pitwall/api/openapi.fixture";
import type { Person, World } from "@pitwall/api/ownership.fixture";
import { DAY } from "@pitwall/domain/durations";

/** Beside the people of the world: somebody with a password, some who are about to leave, and who has a token of nobody. */
export type Speaker = Person | "guest" | "anna" | "newcomer" | "leaving" | "stranger";

/** What the calls before have answered, by operation, and what else they need to know. */
export interface Told {
  readonly world: World;
  /** A season without races. */
  readonly fresh: number;
  /** A race that is over, and has no result yet. */
  readonly driven: { readonly season: number; readonly slug: string };
  readonly failedRun: string;
  readonly link: (purpose: "verify_email" | "reset_password") => Promise<string>;
  readonly answers: ReadonlyMap<string, unknown>;
}

const password = "Correct-Horse-7";

export type Input = Record<string, unknown>;

export interface Call {
  readonly operation: string;
  readonly as: Speaker;
  readonly input: (told: Told) => Input | Promise<Input>;
}

const nothing = () => ({});
export const ofSeason = ({ world: { season } }: Told) => ({ season });
const scored = ({ world: { season, scored: slug } }: Told) => ({ season, slug });
export const ofOwner = ({ world }: Told) => ({ id: world.teams.owner.id });
const ofClub = ({ world }: Told) => ({ id: world.club.id });
export const ofFair = ({ world }: Told) => ({ id: world.fair.id });
export const five = ({ world: { driverIds, captainId } }: Told) => ({ driverIds, captainId });
const entered = (operation: string) => (told: Told) => ({ id: said(told, operation, "id") });
const rookie = () => ({ driver: "contract_rookie" });
const added = (told: Told) => ({ ...ofSeason(told), slug: said(told, "races.create", "slug") });
const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString();

/** One good call of each operation, in an order in which they can all be done. */
export const CALLS: readonly Call[] = [
  call("auth.register", "guest", () => ({ username: "contract_anna", email: "contract@example.org", password })),
  call("auth.login", "guest", () => ({ login: "contract_anna", password })),
  call("auth.refresh", "guest", (told) => ({ refreshToken: said(told, "auth.login", "refreshToken") })),
  call("auth.me", "anna", nothing),
  call("auth.sessions", "anna", nothing),
  call("auth.endSession", "anna", (told) => ({ id: otherSession(told) })),
  call("auth.resendVerification", "anna", nothing),
  call("auth.verifyEmail", "guest", async ({ link }) => ({ token: await link("verify_email") })),
  call("auth.changeEmail", "anna", () => ({ newEmail: "anna.contract@example.org", password })),
  call("auth.forgotPassword", "guest", () => ({ email: "nobody@example.org" })),
  call("auth.resetPassword", "guest", async ({ link }) => ({
    token: await link("reset_password"),
    newPassword: "Wet-Weather-Tyre-9",
  })),
  call("auth.changePassword", "anna", () => ({ oldPassword: password, newPassword: password })),
  call("users.me", "owner", nothing),
  call("users.update", "owner", () => ({ fullName: "Olivia Owner" })),
  call("users.export", "owner", nothing),
  call("users.search", "owner", () => ({ search: "driver_fan" })),
  call("users.byUsername", "guest", ({ world }) => ({ username: world.people.owner.username })),

  call("seasons.list", "guest", nothing),
  call("seasons.byYear", "guest", ofSeason),
  call("seasons.rules", "guest", ofSeason),
  call("seasons.ruleSets", "guest", nothing),
  call("seasons.setRules", "admin", ({ fresh }) => ({ season: fresh, ruleSet: "standard-1" })),
  call("constructors.list", "guest", ofSeason),
  call("drivers.list", "guest", (told) => ({ ...ofSeason(told), sort: "price", order: "desc", limit: 5 })),
  call("drivers.byId", "guest", (told) => ({ ...ofSeason(told), driver: told.world.captainId })),
  call("drivers.points", "guest", (told) => ({ ...ofSeason(told), driver: told.world.captainId })),
  call("drivers.entries", "guest", scored),
  call("drivers.create", "admin", (told) => ({
    ...{ id: "contract_rookie", givenName: "Rookie", familyName: "Contract", code: "ROO", dateOfBirth: "2007-01-31" },
    entry: {
      ...ofSeason(told),
      constructorId: said(told, "constructors.list", "items", "0", "id"),
      number: 99,
      price: 9.9,
    },
  })),
  call("drivers.update", "admin", () => ({ ...rookie(), nationality: "British" })),
  call("drivers.setPrice", "admin", (told) => ({ ...rookie(), ...ofSeason(told), price: 27.4 })),
  call("drivers.remove", "admin", rookie),
  call("races.list", "guest", (told) => ({ ...ofSeason(told), status: "completed" })),
  call("races.next", "guest", ofSeason),
  call("races.bySlug", "guest", scored),
  call("races.create", "admin", (told) => ({
    ...ofSeason(told),
    ...{ name: "Contract Grand Prix", round: 98, circuit: { id: "test_track" } },
    sessions: { qualifying: inDays(30), race: inDays(31) },
  })),
  call("races.update", "admin", (told) => ({ ...added(told), version: 1, name: "Contractual Grand Prix" })),
  call("races.remove", "admin", added),
  call("results.policy", "guest", nothing),
  call("results.current", "guest", scored),
  call("results.revisions", "guest", scored),
  call("results.scores", "guest", scored),
  call("results.enter", "admin", (told) => ({
    ...told.driven,
    sessions: said(told, "results.current", "sessions"),
    note: "As it was told on paper",
  })),

  call("teams.create", "newcomer", (told) => ({ ...ofSeason(told), name: "Contract Racing", ...five(told) })),
  call("teams.list", "guest", () => ({ limit: 2 })),
  call("teams.mine", "newcomer", ofSeason),
  call("teams.byId", "guest", ofOwner),
  call("teams.rename", "newcomer", (told) => ({ ...entered("teams.create")(told), name: "Renamed Racing" })),
  call("teams.setLineup", "newcomer", (told) => ({
    ...entered("teams.create")(told),
    ...five(told),
    version: said(told, "teams.rename", "version"),
  })),
  call("teams.lineup", "guest", (told) => ({ ...ofOwner(told), race: told.world.scored })),
  call("teams.lineups", "owner", ofOwner),
  call("teams.checkLineup", "guest", (told) => ({ ...ofSeason(told), ...five(told), captainId: "nobody" })),
  call("scores.byTeam", "guest", ofOwner),
  call("scores.ledger", "guest", (told) => ({ ...ofOwner(told), ...scored(told) })),
  call("scores.simulate", "guest", (told) => ({ ...scored(told), ...five(told) })),
  call("scores.best", "guest", scored),

  call("leagues.create", "newcomer", (told) => ({
    ...ofSeason(told),
    name: "Contract League",
    teamId: said(told, "teams.create", "id"),
  })),
  call("leagues.list", "guest", nothing),
  call("leagues.byId", "founder", ofClub),
  call("leagues.members", "guest", ofFair),
  call("leagues.update", "founder", (told) => ({ ...ofClub(told), description: "Described" })),
  call("leagues.renewCode", "newcomer", entered("leagues.create")),
  call("leagues.joinByCode", "outsider", (told) => ({
    code: said(told, "leagues.renewCode", "code"),
    teamId: told.world.teams.outsider.id,
  })),
  call("leagues.join", "outsider", (told) => ({ ...ofFair(told), teamId: told.world.teams.outsider.id })),
  call("leagues.leave", "outsider", ofFair),
  call("leagues.setRole", "founder", (told) => ({
    ...ofClub(told),
    userId: told.world.people.member.id,
    role: "manager",
  })),
  call("leagues.bans", "founder", ofClub),
  call("leagues.lift", "founder", (told) => ({ ...ofClub(told), userId: told.world.banned.id })),
  call("leagues.removeMember", "founder", (told) => ({
    ...ofClub(told),
    userId: told.world.people.member.id,
    ban: false,
  })),
  call("standings.global", "guest", ofSeason),
  call("standings.me", "owner", ofSeason),
  call("standings.around", "guest", ({ world }) => ({ teamId: world.teams.owner.id })),
  call("standings.league", "founder", ofClub),
  call("standings.leagueMe", "owner", ofClub),
  call("standings.leagueAround", "guest", (told) => ({ ...ofFair(told), teamId: told.world.teams.owner.id })),
  call("leagues.transfer", "founder", (told) => ({ ...ofFair(told), userId: told.world.people.manager.id })),
  call("leagues.remove", "founder", ofClub),

  call("notifications.list", "owner", nothing),
  call("notifications.count", "owner", nothing),
  call("notifications.read", "owner", ({ world }) => ({ id: world.note.owner })),
  call("notifications.readAll", "owner", nothing),
  call("notifications.delete", "owner", ({ world }) => ({ id: world.note.owner })),
  call("notifications.preferences", "owner", nothing),
  call("notifications.setPreferences", "owner", () => ({ items: [{ type: "correction", inApp: true, email: false }] })),

  call("admin.jobs", "admin", nothing),
  call("admin.jobRuns", "admin", nothing),
  call("admin.runJob", "admin", () => ({ task: "lock-races" })),
  call("admin.retryRun", "admin", ({ failedRun }) => ({ id: failedRun })),
  call("admin.feed", "admin", ofSeason),
  call("admin.heldBody", "admin", (told) => ({ id: heldBody(told) })),
  call("admin.checkRace", "admin", scored),
  call("admin.rescoreRace", "admin", scored),
  call("admin.rescoreSeason", "admin", ofSeason),
  call("admin.syncs", "admin", ofSeason),
  call("admin.users", "admin", () => ({ role: "admin" })),
  call("admin.changeUser", "admin", ({ world }) => ({ id: world.people.outsider.id, tier: "premium" })),
  call("admin.audit", "admin", () => ({ limit: 3 })),
  call("stats.public", "guest", nothing),

  call("teams.remove", "outsider", ({ world }) => ({ id: world.teams.outsider.id })),
  call("users.remove", "anna", () => ({ password })),
  call("auth.logout", "leaving", nothing),
  call("auth.logoutAll", "newcomer", nothing),
];

/** What an earlier call answered, field by field. */
function said({ answers }: Told, operation: string, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(fieldOf, answers.get(operation));
}

function otherSession(told: Told): unknown {
  const items = said(told, "auth.sessions", "items");
  return Array.isArray(items) ? items.find(({ isCurrent }) => !isCurrent)?.id : undefined;
}

function heldBody(told: Told): unknown {
  const items = said(told, "admin.feed", "items");
  return Array.isArray(items) ? items.flatMap(({ held }) => held)[0]?.id : undefined;
}

function call(operation: string, as: Speaker, input: Call["input"]): Call {
  return { operation, as, input };
}

/** What each parameter of a path may be that stands for nothing. */
export const NOTHING: Readonly<Record<string, () => string>> = {
  season: () => "2090",
  slug: () => "nowhere-grand-prix",
  driver: () => "nobody",
  username: () => "nobody_at_all",
  id: randomUUID,
  teamId: randomUUID,
  userId: randomUUID,
};
