import type { Classification } from "@pitwall/domain/classifications";
import type { SessionTimes } from "@pitwall/domain/races";
import { removeAccount } from "@pitwall/services/auth/removal";
import { updateDriver } from "@pitwall/services/drivers/editing";
import { setPrice } from "@pitwall/services/drivers/prices";
import { createLeague, joinLeague, leaveLeague } from "@pitwall/services/leagues/membership";
import { lockDueRaces } from "@pitwall/services/races";
import { createRace, updateRace } from "@pitwall/services/races/editing";
import type { LookOutcome } from "@pitwall/services/results/answers";
import { receiveAnswer } from "@pitwall/services/results/receive";
import type { CalendarRace } from "@pitwall/services/seasons/calendar";
import { receiveSeason } from "@pitwall/services/seasons/sync";
import { createTeam, setLineup } from "@pitwall/services/teams";
import { removeTeam } from "@pitwall/services/teams/keeping";
import { aUser } from "@pitwall/testing/builders";
import { PASSWORD, type Process, passwordHash, type World } from "./world.ts";

export interface Lineup {
  readonly driverIds: readonly string[];
  readonly captainId: string;
}

/** What somebody does, told by names, so that it can be done again in another world. */
export type Act =
  | { readonly kind: "arrive"; readonly who: string }
  | { readonly kind: "leave"; readonly who: string }
  | ({ readonly kind: "enter"; readonly who: string; readonly team: string } & Lineup)
  | ({ readonly kind: "save"; readonly who: string; readonly team: string; readonly version: number } & Lineup)
  | { readonly kind: "withdraw"; readonly who: string; readonly team: string }
  | {
      readonly kind: "found";
      readonly who: string;
      readonly league: string;
      readonly seats: number;
      readonly team: string;
    }
  | { readonly kind: "join"; readonly who: string; readonly league: string; readonly team: string }
  | { readonly kind: "quit"; readonly who: string; readonly league: string }
  | { readonly kind: "price"; readonly driver: string; readonly price: number }
  | { readonly kind: "bench"; readonly driver: string }
  | { readonly kind: "seat"; readonly driver: string; readonly constructorId: string; readonly number: number }
  | { readonly kind: "move"; readonly race: string; readonly sessions: SessionTimes }
  | { readonly kind: "cancel"; readonly race: string; readonly isCancelled: boolean }
  | {
      readonly kind: "add";
      readonly name: string;
      readonly circuitId: string;
      readonly round: number;
      readonly sessions: SessionTimes;
    }
  | { readonly kind: "calendar"; readonly races: readonly CalendarRace[] }
  | { readonly kind: "lock" }
  | {
      readonly kind: "result";
      readonly race: string;
      readonly classification: Classification;
      readonly outcome: string;
    };

/** Does it, through a process. A refusal is thrown, as the service throws it. */
export async function perform(world: World, act: Act, process?: Process): Promise<void> {
  const { ids } = world;
  const season = world.facts.season;
  const id = (name: string) => ids.get(name) ?? NOBODY;
  const control = world.as({ kind: "system", name: "race control" }, process);
  const as = (who: string) => world.as({ kind: "user", userId: id(who), username: who, sessionId: null }, process);
  switch (act.kind) {
    case "arrive": {
      const { who: username } = act;
      const user = await aUser(control.db, { username, passwordHash: await passwordHash });
      ids.set(username, user.id);
      return;
    }
    case "leave":
      return removeAccount(as(act.who), { password: PASSWORD });
    case "enter": {
      const { driverIds, captainId, team: name } = act;
      ids.set(name, (await createTeam(as(act.who), { season, name, driverIds, captainId })).id);
      return;
    }
    case "save": {
      const { driverIds, captainId, version } = act;
      await setLineup(as(act.who), { id: id(act.team), version, driverIds, captainId });
      return;
    }
    case "withdraw":
      return removeTeam(as(act.who), { id: id(act.team) });
    case "found": {
      const { league: name, seats } = act;
      const wanted = { season, name, seats, isPrivate: false, teamId: id(act.team) };
      ids.set(name, (await createLeague(as(act.who), wanted)).id);
      return;
    }
    case "join":
      await joinLeague(as(act.who), { id: id(act.league), teamId: id(act.team) });
      return;
    case "quit":
      return leaveLeague(as(act.who), { id: id(act.league) });
    case "price":
      await setPrice(control, { id: act.driver, season, price: act.price });
      return;
    case "bench":
      return updateDriver(control, { id: act.driver, withdrawFrom: season });
    case "seat": {
      const { driver, constructorId, number } = act;
      return updateDriver(control, { id: driver, entry: { season, constructorId, number } });
    }
    case "move":
      return updateRace(control, { season, slug: act.race, sessions: act.sessions });
    case "cancel":
      return updateRace(control, { season, slug: act.race, cancelled: act.isCancelled });
    case "add": {
      const { name, round, circuitId, sessions } = act;
      await createRace(control, { season, name, round, circuit: { id: circuitId }, sessions });
      return;
    }
    case "calendar": {
      const answer = {
        kind: "season",
        races: { kind: "told", items: act.races },
        constructors: SILENCE,
        drivers: SILENCE,
      } as const;
      await receiveSeason(control, { season, source: "jolpica", answer });
      return;
    }
    case "lock":
      await lockDueRaces(control);
      return;
    case "result":
      await heard(world, act);
  }
}

/** What a race's result came to. */
export async function heard(
  world: World,
  { race, classification }: Extract<Act, { kind: "result" }>,
): Promise<LookOutcome> {
  const { rows } = await world.database.pool.query<{ id: number }>("select id from races where slug = $1", [race]);
  const answer = { kind: "classification", classification, body: "" } as const;
  return receiveAnswer(world.as({ kind: "system", name: "clock" }), {
    raceId: rows[0]?.id ?? 0,
    source: "jolpica",
    answer,
  });
}

const NOBODY = "00000000-0000-7000-8000-000000000000";
const SILENCE = { kind: "failed", reason: "not asked" } as const;

/** Whether an act whose answer nobody heard was done. */
export async function isDone(world: World, act: Act): Promise<boolean> {
  const { ids } = world;
  const found = async (query: string, ...values: unknown[]) => {
    const { rows } = await world.database.pool.query<{ id: string }>(query, values);
    return rows[0]?.id;
  };
  const remembered = async (name: string, query: string) => {
    const made = await found(query, name);
    if (made !== undefined) ids.set(name, made);
    return made !== undefined;
  };
  switch (act.kind) {
    case "enter":
      return remembered(act.team, "select id from teams where name = $1");
    case "found":
      return remembered(act.league, "select id from leagues where name = $1");
    case "save":
      return (
        (await found("select id from teams where id = $1 and version > $2", ids.get(act.team), act.version)) !==
        undefined
      );
    case "join":
      return (
        (await found(
          "select team_id as id from league_members where league_id = $1 and team_id = $2",
          ids.get(act.league),
          ids.get(act.team),
        )) !== undefined
      );
    case "quit":
      return (
        (await found(
          "select team_id as id from league_members where league_id = $1 and user_id = $2",
          ids.get(act.league),
          ids.get(act.who),
        )) === undefined
      );
    case "withdraw":
      return (
        (await found("select id from teams where id = $1 and removed_at is not null", ids.get(act.team))) !== undefined
      );
    default:
      throw new TypeError(`nobody asks whether "${act.kind}" was done`);
  }
}

export function inWords(act: Act): string {
  switch (act.kind) {
    case "arrive":
      return `${act.who} arrives`;
    case "leave":
      return `${act.who} leaves for good`;
    case "enter":
      return `${act.who} enters ${act.team}: ${lineupInWords(act)}`;
    case "save":
      return `${act.who} saves ${act.team} over version ${act.version}: ${lineupInWords(act)}`;
    case "withdraw":
      return `${act.who} takes ${act.team} out of the game`;
    case "found":
      return `${act.who} founds ${act.league} with ${act.seats} seats and enters ${act.team}`;
    case "join":
      return `${act.who} joins ${act.league} with ${act.team}`;
    case "quit":
      return `${act.who} leaves ${act.league}`;
    case "price":
      return `race control prices ${act.driver} at ${(act.price / 10).toFixed(1)}`;
    case "bench":
      return `race control takes ${act.driver} off the entry lists`;
    case "seat":
      return `race control puts ${act.driver} into a ${act.constructorId}`;
    case "move":
      return `race control moves ${act.race} to ${act.sessions.race.toISOString()}`;
    case "cancel":
      return `race control ${act.isCancelled ? "cancels" : "reinstates"} ${act.race}`;
    case "add":
      return `race control adds ${act.name} at ${act.sessions.race.toISOString()}`;
    case "calendar":
      return `the source tells a calendar: ${act.races.map((one) => `${one.slug} ${one.sessions?.race.toISOString()}`).join(", ")}`;
    case "lock":
      return "the clock locks what is due";
    case "result":
      return `${act.race} is recorded`;
  }
}

function lineupInWords({ driverIds, captainId }: Lineup): string {
  return `${driverIds.join(" ")}, captain ${captainId}`;
}
