import { digest, type Examples, five, ids } from "./examples.ts";

const anna = { id: ids.anna, username: "anna" };
const melbourne = { season: 2026, slug: "australian-grand-prix" };
const money = { cost: 99.2, budget: 100, remaining: 0.8 };
const chosen = { driverIds: five, captainId: "leclerc" };

const team = {
  id: ids.slipstream,
  season: 2026,
  name: "Slipstream",
  owner: anna,
  version: 1,
  createdAt: "2026-02-20T18:10:00.000Z",
};

const line = { session: "race", rule: "race_position", detail: "3", points: 15 };
const ledgerLine = { ...line, driverId: "leclerc", multiplier: 1.5, total: 22.5 };

const scoredLineup = { ...melbourne, revision: 1, ...chosen, points: 55.5, lines: [ledgerLine], ...money };

const league = {
  id: ids.friends,
  season: 2026,
  name: "Friends of the Pit Lane",
  description: "The loser pays the next dinner.",
  isPrivate: true,
  seats: 20,
  memberCount: 2,
  owner: anna,
  createdAt: "2026-02-21T10:00:00.000Z",
  version: 1,
  role: "owner",
  teamId: ids.slipstream,
  code: "H7KQ2M9XTA",
};

const standing = {
  rank: 1,
  teamId: ids.slipstream,
  teamName: "Slipstream",
  username: "anna",
  racePoints: 55.5,
  total: 55.5,
  rankChange: null,
};

export const play: Examples = {
  shapes: {
    Team: team,
    Lineup: {
      teamId: ids.slipstream,
      version: 1,
      race: { ...melbourne, name: "Australian Grand Prix", lockAt: "2026-03-07T05:00:00.000Z", isLocked: true },
      drivers: [
        { driverId: "antonelli", name: "Andrea Kimi Antonelli", constructorId: "mercedes" },
        { driverId: "arvid_lindblad", name: "Arvid Lindblad", constructorId: "rb" },
        { driverId: "bortoleto", name: "Gabriel Bortoleto", constructorId: "audi" },
        { driverId: "leclerc", name: "Charles Leclerc", constructorId: "ferrari" },
        { driverId: "max_verstappen", name: "Max Verstappen", constructorId: "red_bull" },
      ],
      captainId: "leclerc",
      ...money,
      savedAt: "2026-02-20T18:10:00.000Z",
    },
    SavedLineup: {
      version: 1,
      savedAt: "2026-02-20T18:10:00.000Z",
      cost: 99.2,
      ...chosen,
      fielded: [{ slug: "australian-grand-prix", name: "Australian Grand Prix", points: 55.5 }],
    },
    MyTeam: {
      id: ids.slipstream,
      season: 2026,
      name: "Slipstream",
      createdAt: "2026-02-20T18:10:00.000Z",
      version: 1,
      lineup: { ...chosen, savedAt: "2026-02-20T18:10:00.000Z" },
      ...money,
      nextRace: { slug: "chinese-grand-prix", name: "Chinese Grand Prix", lockAt: "2026-03-14T03:00:00.000Z" },
      locksInSeconds: 86400,
    },
    LineupCheck: { race: melbourne, ...money, faults: [] },
    ScoreLine: line,
    LedgerLine: ledgerLine,
    TeamScore: { ...melbourne, points: 55.5, total: 55.5, rank: 1 },
    Ledger: {
      teamId: ids.slipstream,
      ...melbourne,
      revision: 1,
      points: 55.5,
      lines: [ledgerLine],
      run: { ruleSet: "standard-1", digestIn: digest, digestOut: digest, scoredAt: "2026-03-08T14:30:04.000Z" },
    },
    ScoredLineup: scoredLineup,
    Simulation: { ...scoredLineup, faults: [] },
    League: league,
    LeagueMember: {
      userId: ids.anna,
      username: "anna",
      team: { id: ids.slipstream, name: "Slipstream" },
      role: "owner",
      joinedAt: "2026-02-21T10:00:00.000Z",
    },
    LeagueBan: { userId: ids.ben, username: "ben", bannedBy: anna, bannedAt: "2026-03-02T19:20:00.000Z" },
    Standing: standing,
    StandingsPage: { race: { ...melbourne, revision: 1 }, items: [standing], total: 1, nextCursor: null },
  },
  requests: {
    "teams.create": { season: 2026, name: "Slipstream", ...chosen },
    "teams.rename": { name: "Undercut" },
    "teams.remove": { version: 1 },
    "leagues.remove": { version: 1 },
    "leagues.renewCode": { version: 1 },
    "teams.setLineup": { ...chosen, version: 1 },
    "teams.checkLineup": { season: 2026, ...chosen },
    "scores.simulate": { ...melbourne, ...chosen },
    "leagues.create": {
      season: 2026,
      name: "Friends of the Pit Lane",
      description: "The loser pays the next dinner.",
      teamId: ids.slipstream,
    },
    "leagues.update": { description: "The loser pays the next two dinners." },
    "leagues.join": { teamId: ids.undercut },
    "leagues.joinByCode": { code: "H7KQ2M9XTA", teamId: ids.undercut },
    "leagues.transfer": { userId: ids.ben },
    "leagues.setRole": { role: "manager" },
    "leagues.removeMember": { ban: false },
  },
  answers: {},
};
