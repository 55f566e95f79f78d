import type { Game } from "./game.ts";

/** Some small numbers, of which an ask is made once it is known what there is to ask for. */
export interface Dice {
  readonly act: string;
  readonly who: number;
  readonly which: number;
  readonly whom: number;
  readonly odd: number;
  readonly server: number;
}

export const NOBODY = "01890000-0000-7000-8000-000000000000";

export const at = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(1, list.length)];

export function speakerOf({ users }: Game, { who }: Dice): string {
  return at([...users.keys()], who) ?? NOBODY;
}

/** Mostly one's own, now and then somebody's, seldom nobody's. */
export function teamOf(game: Game, dice: Dice, n = dice.which): string {
  const all = [...game.teams.keys(), NOBODY];
  const own = all.filter((id) => game.teams.get(id)?.owner === speakerOf(game, dice));
  return at(dice.odd % 6 === 5 || own.length === 0 ? all : own, n) ?? NOBODY;
}

/** Mostly one that the speaker is in or, for who wants to enter, may enter. */
export function leagueOf(game: Game, dice: Dice): string {
  const all = [...game.leagues.keys(), NOBODY];
  const by = speakerOf(game, dice);
  const wantsIn = dice.act === "leagues.join";
  const fit = [...game.leagues].flatMap(([id, { owner, members, isPrivate }]) =>
    (wantsIn ? !isPrivate : owner === by || members.has(by)) ? [id] : [],
  );
  const isAny = dice.odd % 6 === 5 || fit.length === 0 || dice.act === "leagues.joinByCode";
  return at(isAny ? all : fit, dice.which) ?? NOBODY;
}

export function personIn(game: Game, dice: Dice): string {
  const inside = [...(game.leagues.get(leagueOf(game, dice))?.members.keys() ?? [])];
  return at(dice.odd % 5 === 4 || inside.length === 0 ? [...game.users.keys()] : inside, dice.whom) ?? NOBODY;
}
