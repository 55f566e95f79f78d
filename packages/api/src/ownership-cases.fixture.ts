import type { Who, World } from "./ownership.fixture.ts";

/** What each hears: "in", or the reason of the refusal. */
type Verdicts = Readonly<Record<Who, string>>;

export interface Case {
  readonly call: string;
  /** What is asked for, where that is not said by the name of the procedure. */
  readonly of: string;
  readonly input: (world: World, who: Who) => Record<string, unknown> | undefined;
  readonly verdicts: Verdicts;
}

type Input = Case["input"];

const all = (reason: string): Verdicts => ({
  ...{ guest: reason, owner: reason, founder: reason, manager: reason },
  ...{ member: reason, outsider: reason, admin: reason },
});

const NOT_ALLOWED = "league.not_allowed";

const anyone = all("in");
const signedIn = { ...anyone, guest: "auth.required" };
/** Whoever is not named hears the reason. */
const only = (reason: string, named: Partial<Verdicts>): Verdicts => ({
  ...all(reason),
  guest: "auth.required",
  ...named,
});
const ownerOnly = (reason: string): Verdicts => only(reason, { owner: "in" });
/** Of the private club: outsiders, and admins are no better, do not learn that it exists. */
const insideOnly = (named: Partial<Verdicts> = {}): Verdicts => ({
  ...signedIn,
  ...{ outsider: "league.not_found", admin: "league.not_found" },
  ...named,
});
const unseen = insideOnly({ guest: "league.not_found" });
const ruledBy = (named: Partial<Verdicts>): Verdicts =>
  insideOnly({ ...{ owner: NOT_ALLOWED, manager: NOT_ALLOWED, member: NOT_ALLOWED, founder: "in" }, ...named });
const managed = ruledBy({ manager: "in" });
const adminOnly = only("auth.admin_only", { admin: "in" });

const ofTeam: Input = ({ teams }) => ({ id: teams.owner.id });
const ofClub: Input = ({ club }) => ({ id: club.id });
const ofFair: Input = ({ fair }) => ({ id: fair.id });
const withOwnTeam = ({ teams }: World, who: Who) => ({ teamId: teams[who === "guest" ? "owner" : who].id });
const inClub =
  (whom: "member" | "manager" | "founder" | "outsider", rest = {}): Input =>
  ({ club, people }) => ({ id: club.id, userId: people[whom].id, ...rest });
const theFive = ({ driverIds, captainId }: World) => ({ driverIds, captainId });

/** Who may do what with whose. A procedure that takes somebody's id and is not here fails. */
export const CASES: readonly Case[] = [
  line("auth.me", "", () => undefined, signedIn),
  line("auth.sessions", "", () => undefined, signedIn),
  line("auth.endSession", "", ({ session }) => ({ id: session.owner }), ownerOnly("session.not_found")),
  line("users.me", "", () => undefined, signedIn),
  line("users.export", "", () => undefined, signedIn),
  line("users.search", "", () => ({ search: "driver_fan" }), signedIn),
  line("users.byUsername", "", ({ people }) => ({ username: people.owner.username }), anyone),

  line("teams.list", "everybody's", () => ({}), anyone),
  line("teams.list", "one's own", () => ({ mine: true }), signedIn),
  line("teams.mine", "", ({ season }) => ({ season }), signedIn),
  line("teams.byId", "", ofTeam, anyone),
  line("teams.rename", "", (world) => ({ ...ofTeam(world, "owner"), name: "Renamed" }), ownerOnly("team.not_yours")),
  line("teams.remove", "", ofTeam, ownerOnly("team.not_yours")),
  line(
    "teams.setLineup",
    "",
    (world) => ({ ...ofTeam(world, "owner"), ...theFive(world), version: 2 }),
    ownerOnly("team.not_yours"),
  ),
  line("teams.lineups", "", ofTeam, ownerOnly("team.not_yours")),
  line("teams.lineup", "after the lock", (world) => ({ ...ofTeam(world, "owner"), race: world.scored }), anyone),
  line("teams.lineup", "before the lock", (world) => ({ ...ofTeam(world, "owner"), race: world.open }), {
    ...all("lineup.hidden"),
    owner: "in",
  }),
  line("teams.lineup", "by default", ofTeam, anyone),

  line("scores.byTeam", "", ofTeam, anyone),
  line(
    "scores.ledger",
    "after the lock",
    (world) => ({ ...ofTeam(world, "owner"), season: world.season, slug: world.scored }),
    anyone,
  ),
  line(
    "scores.ledger",
    "before the lock",
    (world) => ({ ...ofTeam(world, "owner"), season: world.season, slug: world.open }),
    all("result.none_yet"),
  ),
  line("standings.global", "", ({ season }) => ({ season }), anyone),
  line("standings.me", "", ({ season }) => ({ season }), signedIn),
  line("standings.around", "", ({ teams }) => ({ teamId: teams.owner.id }), anyone),
  line("standings.league", "a private league", ofClub, unseen),
  line("standings.league", "a public league", ofFair, anyone),
  line(
    "standings.leagueAround",
    "a private league",
    (world) => ({ ...ofClub(world, "owner"), teamId: world.teams.owner.id }),
    unseen,
  ),
  line(
    "standings.leagueAround",
    "a public league",
    (world) => ({ ...ofFair(world, "owner"), teamId: world.teams.owner.id }),
    anyone,
  ),
  line("standings.leagueMe", "a private league", ofClub, insideOnly()),
  line("standings.leagueMe", "a public league", ofFair, insideOnly(outOf("league.not_a_member"))),

  line("leagues.list", "everybody's", () => ({}), anyone),
  line("leagues.list", "one's own", () => ({ mine: true }), signedIn),
  line("leagues.byId", "a private league", ofClub, unseen),
  line("leagues.byId", "a public league", ofFair, anyone),
  line("leagues.members", "a private league", ofClub, unseen),
  line("leagues.members", "a public league", ofFair, anyone),
  line(
    "leagues.create",
    "with one's own team",
    (world, who) => ({ season: world.season, name: "Founded", ...withOwnTeam(world, who) }),
    signedIn,
  ),
  line(
    "leagues.create",
    "with somebody else's team",
    ({ season, teams }) => ({ season, name: "Founded", teamId: teams.owner.id }),
    ownerOnly("team.not_found"),
  ),
  line(
    "leagues.join",
    "a private league",
    (world, who) => ({ id: world.club.id, ...withOwnTeam(world, who) }),
    only("league.already_member", outOf("league.not_found")),
  ),
  line(
    "leagues.join",
    "a public league",
    (world, who) => ({ id: world.fair.id, ...withOwnTeam(world, who) }),
    only("league.already_member", outOf("in")),
  ),
  line(
    "leagues.join",
    "with somebody else's team",
    ({ fair, teams }) => ({ id: fair.id, teamId: teams.owner.id }),
    only("team.not_found", { owner: "league.already_member" }),
  ),
  line(
    "leagues.joinByCode",
    "with one's own team",
    (world, who) => ({ code: world.club.code, ...withOwnTeam(world, who) }),
    only("league.already_member", outOf("in")),
  ),
  line(
    "leagues.joinByCode",
    "with somebody else's team",
    ({ club, teams }) => ({ code: club.code, teamId: teams.owner.id }),
    only("team.not_found", { owner: "league.already_member" }),
  ),
  line("leagues.leave", "a private league", ofClub, insideOnly({ founder: "league.owner_must_transfer" })),
  line(
    "leagues.leave",
    "a public league",
    ofFair,
    insideOnly({ founder: "league.owner_must_transfer", ...outOf("league.not_a_member") }),
  ),
  line("leagues.update", "its name", ({ club }) => ({ id: club.id, name: "Renamed" }), ruledBy({})),
  line("leagues.update", "its description", ({ club }) => ({ id: club.id, description: "Described" }), managed),
  line(
    "leagues.update",
    "a public league",
    ({ fair }) => ({ id: fair.id, name: "Renamed" }),
    ruledBy(outOf(NOT_ALLOWED)),
  ),
  line("leagues.renewCode", "", ofClub, ruledBy({})),
  line("leagues.remove", "", ofClub, ruledBy({})),
  line("leagues.transfer", "", inClub("member"), ruledBy({})),
  line("leagues.transfer", "to somebody outside", inClub("outsider"), ruledBy({ founder: "league.not_a_member" })),
  line("leagues.setRole", "", inClub("member", { role: "manager" }), ruledBy({})),
  line("leagues.removeMember", "a member", inClub("member"), managed),
  line("leagues.removeMember", "a manager", inClub("manager"), ruledBy({ manager: "league.leave_instead" })),
  line("leagues.removeMember", "the owner", inClub("founder"), ruledBy({ founder: "league.leave_instead" })),
  line(
    "leagues.removeMember",
    "somebody outside",
    inClub("outsider"),
    ruledBy({ founder: "league.not_a_member", manager: "league.not_a_member" }),
  ),
  line("leagues.bans", "", ofClub, managed),
  line("leagues.lift", "", ({ club, banned }) => ({ id: club.id, userId: banned.id }), managed),

  line("notifications.list", "", () => ({}), signedIn),
  line("notifications.list", "after somebody else's", ({ note }) => ({ cursor: note.outsider }), signedIn),
  line("notifications.read", "", ({ note }) => ({ id: note.owner }), ownerOnly("notification.not_found")),
  line("notifications.delete", "", ({ note }) => ({ id: note.owner }), ownerOnly("notification.not_found")),
  line("admin.users", "", () => ({}), adminOnly),
  line("admin.jobRuns", "after any", ({ note }) => ({ cursor: note.owner }), adminOnly),
  line(
    "admin.retryRun",
    "that is no attempt's",
    ({ note }) => ({ id: note.owner }),
    only("auth.admin_only", { admin: "run.not_found" }),
  ),
  line("admin.heldBody", "", () => ({ id: 7 }), only("auth.admin_only", { admin: "feed.no_such_body" })),
  line("admin.changeUser", "", ({ people }) => ({ id: people.owner.id, tier: "premium" }), adminOnly),
];

function line(call: string, of: string, input: Input, verdicts: Verdicts): Case {
  return { call, of, input, verdicts };
}

function outOf(reason: string): Partial<Verdicts> {
  return { outsider: reason, admin: reason };
}
