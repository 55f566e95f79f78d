import { DAY, HOUR } from "@pitwall/domain/durations";
import type { SessionTimes } from "@pitwall/domain/races";
import type { CalendarRace } from "@pitwall/services/seasons/calendar";
import type { Chance } from "../chance.ts";
import type { Act } from "./acts.ts";
import type { PlacedRace } from "./calendar.ts";
import type { Market } from "./market.ts";
import type { World } from "./world.ts";

/** What race control, or the source's calendar, does next. Whether it is refused is theirs to hear: all that is told is possible. */
export function drawOfficial(world: World, races: readonly PlacedRace[], market: Market, chance: Chance): Act | null {
  const draw = chance.of([price, price, bench, seat, move, move, cancel, calendar, calendar, add]);
  return draw?.(world, races, market, chance) ?? null;
}

type Draw = (world: World, races: readonly PlacedRace[], market: Market, chance: Chance) => Act | null;

const price: Draw = (_world, _races, { offers }, chance) => {
  const offer = chance.of(offers);
  return offer
    ? { kind: "price", driver: offer.driverId, price: Math.max(30, offer.price + chance.below(61) - 30) }
    : null;
};

const bench: Draw = (_world, _races, { offers }, chance) => {
  const offer = offers.length > 15 ? chance.of(offers) : undefined;
  return offer ? { kind: "bench", driver: offer.driverId } : null;
};

const seat: Draw = (_world, _races, { offers, benched }, chance) => {
  const driver = chance.of(benched);
  const team = chance.of(offers);
  if (driver === undefined || !team) return null;
  return { kind: "seat", driver, constructorId: team.constructorId, number: 60 + chance.below(39) };
};

const move: Draw = (_world, races, _market, chance) => {
  const race = chance.of(races.filter(({ isLocked, isCancelled }) => !isLocked && !isCancelled));
  return race ? { kind: "move", race: race.slug, sessions: shifted(race.sessions, shift(chance)) } : null;
};

const cancel: Draw = (_world, races, _market, chance) => {
  const race = chance.of(races);
  return race ? { kind: "cancel", race: race.slug, isCancelled: !race.isCancelled } : null;
};

const calendar: Draw = ({ facts }, races, _market, chance) => {
  const moved = chance.of(races.filter(({ isLocked }) => !isLocked))?.slug;
  const by = shift(chance);
  const told = races
    .filter(({ slug }) => slug !== moved || !chance.happens(0.2))
    .map((race): CalendarRace => {
      const circuit = facts.circuits[race.circuitId] ?? { name: "", locality: "", country: "" };
      const sessions = race.slug === moved ? shifted(race.sessions, by) : race.sessions;
      const { slug, round, name, circuitId } = race;
      return { slug, round, name, circuit: { id: circuitId, ...circuit }, sessions };
    });
  return told.length === 0 ? null : { kind: "calendar", races: told };
};

const add: Draw = ({ facts }, races, _market, chance) => {
  const last = races.at(-1);
  const name = "Midnight Grand Prix";
  if (!last || races.some((race) => race.name === name) || !chance.happens(0.5)) return null;
  const circuitId = Object.keys(facts.circuits)[0] ?? "";
  return { kind: "add", name, circuitId, round: 30, sessions: shifted(last.sessions, (3 + chance.below(9)) * DAY) };
};

/** Earlier or later: by minutes, by hours, by days. */
function shift(chance: Chance): number {
  const size = chance.of([HOUR / 4, HOUR, 5 * HOUR, DAY, 2 * DAY]) ?? HOUR;
  return (chance.happens(0.5) ? 1 : -1) * size;
}

function shifted({ race, ...others }: SessionTimes, by: number): SessionTimes {
  const moved = Object.entries(others).map(([name, at]) => [name, new Date(at.getTime() + by)]);
  return { ...Object.fromEntries(moved), race: new Date(race.getTime() + by) };
}
