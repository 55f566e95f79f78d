import fc from "fast-check";
import { at, type Dice, leagueOf, NOBODY, personIn, speakerOf, teamOf } from "./aims.ts";
import type { Ask, Game, Input } from "./game.ts";

const PASSWORDS = ["Slipstream-44", "Undercut-at-Lap-9"] as const;

type Made = { readonly input: Input; readonly version?: number };
type Maker = (game: Game, dice: Dice) => Made;

/** The first four are within the rules, the second of them with nothing left; every other one breaks one or two. */
const CHOICES = [
  ...[
    [1, 4, 6, 8, 10, 4],
    [0, 3, 4, 6, 7, 0],
    [0, 1, 4, 7, 9, 9],
    [0, 4, 5, 8, 9, 5],
  ],
  ...[
    [0, 2, 3, 4, 7, 0],
    [0, 1, 2, 8, 10, 0],
    [1, 1, 4, 8, 10, 1],
    [1, 4, 8, 10, 1],
    [1, 4, 6, 8, 99, 1],
  ],
  ...[[1, 4, 6, 8, 10, 3], [0, 3, 5, 7, 1, 0], [99]],
];

function choice({ market }: Game, { whom, odd }: Dice): Input {
  const ids = [...market.keys()];
  const chosen = (odd % 3 === 0 ? at(CHOICES, whom) : at(CHOICES.slice(0, 4), whom)) ?? [];
  const named = chosen.map((place) => ids[place] ?? "nobody");
  return { driverIds: named.slice(0, -1), captainId: named.at(-1) };
}

/** As it is, as it was, or left out. */
const versioned = (version: number | undefined, odd: number) =>
  [{}, { version: version ?? 1 }, { version: (version ?? 1) + 1 }, {}][odd % 4] ?? {};

function ofTeam(game: Game, dice: Dice, more: Input = {}): Made {
  const id = teamOf(game, dice);
  const version = game.teams.get(id)?.version ?? 1;
  return { input: { id, ...more, ...versioned(version, dice.odd) }, version };
}

function ofLeague(game: Game, dice: Dice, more: Input = {}, isVersioned = true): Made {
  const id = leagueOf(game, dice);
  const version = game.leagues.get(id)?.version ?? 1;
  return { input: { id, ...more, ...(isVersioned && versioned(version, dice.odd)) }, version };
}

function named({ season }: Game, { which, odd }: Dice): Input {
  const username = `fan_${season}_${which % 5}`;
  return { username: odd % 4 === 3 ? username.toUpperCase() : username, email: `${username}@example.org` };
}

const password = (n: number) => PASSWORDS[n % 2] ?? PASSWORDS[0];
/** Never the same again, which of two at once one would be told is wrong. */
const otherPassword = (user?: { readonly password: string }) =>
  user?.password === PASSWORDS[0] ? PASSWORDS[1] : PASSWORDS[0];

function leagueChange(n: number): Input {
  const changes = [
    { description: `told ${n}` },
    { seats: 2 + (n % 3) },
    { isPrivate: n % 2 === 0 },
    { name: `L. ${n}` },
  ];
  return changes[n % 5] ?? {};
}

const MAKERS: Readonly<Record<string, readonly [weight: number, make: Maker]>> = {
  "auth.register": [3, (game, dice) => ({ input: { ...named(game, dice), password: password(dice.whom) } })],
  "auth.login": [
    3,
    (game, dice) => {
      const user = game.users.get(at([...game.users.keys()], dice.which) ?? "");
      const secret = dice.odd % 6 === 5 ? "Wrong-Password-1" : user?.password;
      return { input: { login: user?.username ?? "nobody", password: secret ?? PASSWORDS[0] } };
    },
  ],
  "auth.refresh": [
    2,
    (game, { which, odd }) => {
      const live = [...game.sessions.values()].map(({ refresh }) => refresh);
      return { input: { refreshToken: at(odd % 4 === 3 ? [...game.spent.keys(), "none"] : live, which) ?? "none" } };
    },
  ],
  "auth.logout": [1, () => ({ input: {} })],
  "auth.logoutAll": [1, () => ({ input: {} })],
  "auth.endSession": [1, ({ sessions }, { which }) => ({ input: { id: at([...sessions.keys(), NOBODY], which) } })],
  "auth.sessions": [1, () => ({ input: {} })],
  "auth.me": [1, () => ({ input: {} })],
  "auth.changePassword": [
    1,
    (game, dice) => ({
      input: {
        oldPassword: game.users.get(speakerOf(game, dice))?.password ?? "none",
        newPassword: otherPassword(game.users.get(speakerOf(game, dice))),
      },
    }),
  ],
  "auth.resetPassword": [
    2,
    ({ links, users }, { which }) => {
      const token = at([...links.keys(), "none"], which) ?? "none";
      return { input: { token, newPassword: otherPassword(users.get(links.get(token) ?? "")) } };
    },
  ],
  "teams.create": [
    6,
    (game, dice) => ({
      input: { season: dice.odd % 9 === 8 ? game.idle : game.season, name: `Team ${dice.whom}`, ...choice(game, dice) },
    }),
  ],
  "teams.setLineup": [
    8,
    (game, dice) => {
      const { input, version = 1 } = ofTeam(game, dice, choice(game, dice));
      return { input: { ...input, version: input.version ?? version }, version };
    },
  ],
  "teams.rename": [3, (game, dice) => ofTeam(game, dice, { name: `Renamed ${dice.whom}` })],
  "teams.remove": [3, (game, dice) => ofTeam(game, dice)],
  "teams.byId": [1, (game, dice) => ({ input: { id: teamOf(game, dice) } })],
  "teams.list": [1, ({ season }) => ({ input: { mine: true, season } })],
  "teams.lineup": [
    4,
    (game, dice) => {
      const race = [...game.races, undefined, undefined][dice.whom % (game.races.length + 2)];
      const id = at([...game.teams.keys(), NOBODY], dice.which);
      return { input: { id, ...(race !== undefined && { race }) } };
    },
  ],
  "teams.lineups": [1, (game, dice) => ({ input: { id: teamOf(game, dice) } })],
  "leagues.create": [
    5,
    (game, dice) => ({
      input: {
        ...{ season: dice.odd % 9 === 8 ? game.idle : game.season, name: `League ${dice.which}` },
        ...{ isPrivate: dice.odd % 2 === 0, seats: 2 + (dice.whom % 3) },
        ...(dice.odd % 3 > 0 && { teamId: teamOf(game, dice) }),
      },
    }),
  ],
  "leagues.byId": [2, (game, dice) => ({ input: { id: leagueOf(game, dice) } })],
  "leagues.list": [1, ({ season }, { odd }) => ({ input: { season, ...(odd % 2 > 0 && { mine: true }) } })],
  "leagues.members": [1, (game, dice) => ({ input: { id: leagueOf(game, dice) } })],
  "leagues.join": [7, (game, dice) => ({ input: { id: leagueOf(game, dice), teamId: teamOf(game, dice, dice.whom) } })],
  "leagues.joinByCode": [
    7,
    (game, dice) => {
      const code = game.leagues.get(leagueOf(game, dice))?.code ?? "2222222222";
      const typed = dice.odd % 4 === 1 ? `${code.slice(0, 5)}-${code.slice(5).toLowerCase()}` : code;
      return { input: { code: typed, teamId: teamOf(game, dice, dice.whom) } };
    },
  ],
  "leagues.leave": [4, (game, dice) => ofLeague(game, dice, {}, false)],
  "leagues.update": [5, (game, dice) => ofLeague(game, dice, leagueChange(dice.whom))],
  "leagues.renewCode": [1, (game, dice) => ofLeague(game, dice)],
  "leagues.transfer": [3, (game, dice) => ofLeague(game, dice, { userId: personIn(game, dice) })],
  "leagues.setRole": [
    3,
    (game, dice) =>
      ofLeague(game, dice, { userId: personIn(game, dice), role: dice.odd % 3 > 0 ? "manager" : "member" }, false),
  ],
  "leagues.removeMember": [
    4,
    (game, dice) =>
      ofLeague(game, dice, { userId: personIn(game, dice), ...(dice.odd % 3 > 0 && { ban: dice.odd % 2 > 0 }) }, false),
  ],
  "leagues.bans": [1, (game, dice) => ofLeague(game, dice, {}, false)],
  "leagues.lift": [
    2,
    (game, dice) => {
      const banned = [...(game.leagues.get(leagueOf(game, dice))?.bans ?? []), NOBODY];
      return ofLeague(game, dice, { userId: at(banned, dice.whom) }, false);
    },
  ],
  "leagues.remove": [1, (game, dice) => ofLeague(game, dice)],
};

const acts = Object.entries(MAKERS).map(([act, [weight]]) => ({ weight, arbitrary: fc.constant(act) }));

export const dice: fc.Arbitrary<Dice> = fc.record({
  act: fc.oneof(...acts),
  who: fc.nat({ max: 3 }),
  which: fc.nat({ max: 7 }),
  whom: fc.nat({ max: 11 }),
  odd: fc.nat({ max: 35 }),
  server: fc.nat({ max: 3 }),
});

/** What the dice mean as things stand. */
export function askOf(game: Game, thrown: Dice): Ask {
  const { act, odd, which, server } = thrown;
  const [, make] = MAKERS[act] ?? [];
  if (!make) throw new Error(`nobody can ask for ${act}`);
  const { input, version } = make(game, thrown);
  const door = server < 2 ? "rest" : "trpc";
  const isKeyed = odd % 5 === 2;
  const ifMatch = version === undefined || odd % 7 !== 3 ? null : version + (odd % 2);
  // What a body leaves to If-Match is named there alone.
  const { version: _version, ...rest } = input;
  const isLeft = ifMatch !== null && door === "rest" && odd % 4 === 3;
  return {
    ...{ procedure: act, token: tokenOf(game, thrown), door },
    ...{ input: isLeft ? rest : input, ifMatch, key: isKeyed ? `key-${which % 3}` : null },
  };
}

function tokenOf(game: Game, dice: Dice): string | null {
  if (dice.odd === 35) return null;
  const all = [...game.bearers];
  if (dice.odd === 34) return at(all, dice.which)?.[0] ?? null;
  const own = all.filter(([, sid]) => game.sessions.get(sid)?.user === speakerOf(game, dice));
  return at(own, dice.which)?.[0] ?? all.at(-1)?.[0] ?? null;
}
