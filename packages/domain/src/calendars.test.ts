import { describe, expect, test } from "vitest";
import { completedTimes, isEarlier, isSameTimes, matchRaces, type PlacedRace, type ToldRace } from "./calendars.ts";
import type { SessionTimes } from "./races.ts";

const at = (text: string) => new Date(`2026-${text}:00Z`);
const placed = (slug: string, circuitId: string, day: string, isLocked = false): PlacedRace => ({
  slug,
  circuitId,
  startsAt: at(`${day}T14:00`),
  isLocked,
});
const told = (name: string, circuitId: string, day: string): ToldRace => ({
  name,
  circuitId,
  sessions: { race: at(`${day}T14:00`) },
});

function matched(races: readonly ToldRace[], stored: readonly PlacedRace[]) {
  const { pairs, vanished } = matchRaces(races, stored);
  return {
    pairs: pairs.map((pair) => [pair.told.name, pair.placed?.slug ?? null]),
    vanished: vanished.map((race) => race.slug),
  };
}

describe("a calendar means", () => {
  test("the race of that name, though it has another circuit, date and round", () => {
    expect(
      matched([told("Bahrain Grand Prix", "sepang", "10-04")], [placed("bahrain-grand-prix", "bahrain", "04-12")]),
    ).toEqual({ pairs: [["Bahrain Grand Prix", "bahrain-grand-prix"]], vanished: [] });
  });

  test("the race at that circuit, when it is told of under a new name", () => {
    expect(
      matched(
        [told("Brazilian Grand Prix", "interlagos", "11-08"), told("Qatar Grand Prix", "losail", "11-29")],
        [placed("sao-paulo-grand-prix", "interlagos", "11-07"), placed("qatar-grand-prix", "losail", "11-29")],
      ).pairs,
    ).toEqual([
      ["Brazilian Grand Prix", "sao-paulo-grand-prix"],
      ["Qatar Grand Prix", "qatar-grand-prix"],
    ]);
  });

  test("of two races at a circuit the nearest", () => {
    const stored = [placed("first", "red_bull_ring", "07-05"), placed("second", "red_bull_ring", "07-12")];
    const races = [told("Styrian Grand Prix", "red_bull_ring", "07-13"), told("Alpine", "red_bull_ring", "07-06")];
    expect(matched(races, stored).pairs).toEqual([
      ["Styrian Grand Prix", "second"],
      ["Alpine", "first"],
    ]);
  });

  test("a new race, when it is told of at a circuit where one ran months ago", () => {
    expect(
      matched([told("Sakhir Grand Prix", "bahrain", "12-06")], [placed("bahrain-grand-prix", "bahrain", "04-12")]),
    ).toEqual({ pairs: [["Sakhir Grand Prix", null]], vanished: ["bahrain-grand-prix"] });
  });

  test("never a race that has locked, when it is told of months later", () => {
    const stored = [placed("spanish-grand-prix", "catalunya", "06-14", true)];
    expect(matched([told("Spanish Grand Prix", "madring", "09-13")], stored).pairs).toEqual([
      ["Spanish Grand Prix", null],
    ]);
    expect(matched([told("Spanish Grand Prix", "catalunya", "06-15")], stored).pairs).toEqual([
      ["Spanish Grand Prix", "spanish-grand-prix"],
    ]);
  });

  test("the same race, when it is told of without any time", () => {
    const race = { ...told("Monaco Grand Prix", "monaco", "06-07"), sessions: null };
    expect(matched([race], [placed("monaco-grand-prix", "monaco", "06-07", true)]).pairs).toEqual([
      ["Monaco Grand Prix", "monaco-grand-prix"],
    ]);
  });
});

describe("the times of a weekend", () => {
  const known: SessionTimes = { qualifying: at("05-02T20:00"), race: at("05-03T20:00") };

  test("are those told, once more than the start is", () => {
    const sprint: SessionTimes = { sprint: at("05-02T16:00"), race: at("05-03T17:00") };
    expect(completedTimes(sprint, known)).toEqual(sprint);
  });

  test("keep the sessions that are not told of, and move them along to another weekend", () => {
    expect(completedTimes({ race: at("05-03T17:00") }, known)).toEqual({
      qualifying: at("05-02T20:00"),
      race: at("05-03T17:00"),
    });
    expect(completedTimes({ race: at("05-10T20:00") }, known)).toEqual({
      qualifying: at("05-09T20:00"),
      race: at("05-10T20:00"),
    });
  });

  test("are earlier by their lock, and by the start where they lock together", () => {
    const sooner = { ...known, race: at("05-03T17:00") };
    expect(isEarlier(sooner, known)).toBe(true);
    expect(isEarlier(known, sooner)).toBe(false);
    expect(isEarlier({ ...known, qualifying: at("05-02T19:00") }, sooner)).toBe(true);
    expect(isEarlier(known, known)).toBe(false);
  });

  test("are the same when every session is", () => {
    expect(isSameTimes(known, { race: at("05-03T20:00"), qualifying: at("05-02T20:00") })).toBe(true);
    expect(isSameTimes(known, { race: at("05-03T20:00") })).toBe(false);
  });
});
