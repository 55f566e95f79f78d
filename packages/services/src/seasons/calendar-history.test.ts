import { existsSync, readdirSync, readFileSync } from "node:fs";
import { DAY } from "@pitwall/domain/durations";
import type { SessionName } from "@pitwall/domain/races";
import { aSeason, someDrivers } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { describe, expect } from "vitest";
import { calendarOf, enter, expectRightLineups, reachLock, rowOf, tell } from "./calendar.fixture.ts";
import type { CalendarRace } from "./calendar.ts";

const HISTORY = new URL("../../../../../shared/f1data/2026/calendar-history/", import.meta.url);

/** As far in the future as the past is long. */
const AHEAD = 4 * 364 * DAY;
interface Listed {
  readonly date: string;
  readonly time: string;
}

const BLOCKS: Record<string, SessionName> = {
  FirstPractice: "fp1",
  SecondPractice: "fp2",
  ThirdPractice: "fp3",
  SprintQualifying: "sprint_qualifying",
  Sprint: "sprint",
  Qualifying: "qualifying",
};

const calendars = existsSync(HISTORY)
  ? readdirSync(HISTORY)
      .sort()
      .map((file) => JSON.parse(readFileSync(new URL(file, HISTORY), "utf8")).MRData.RaceTable.Races.map(readRace))
  : [];

describe.skipIf(!existsSync(HISTORY))("the calendars of 2026", () => {
  test("shift rounds, move Miami and bring Bahrain back at Sepang, while every line-up stays right", async ({
    database: { db },
  }) => {
    const season = await aSeason(db);
    const drivers = await someDrivers(db, season, Array(20).fill(150));
    const locks = [["australian"], ["chinese", "japanese"], ["miami", "canadian", "monaco"], ["bahrain"]];
    const slugs = new Set<string>();
    for (const [step, told] of calendars.entries()) {
      await tell(db, season, told);
      const rows = await calendarOf(db, season);
      const running = rows.filter((one) => one.cancelledAt === null);
      expect(running.map(({ round, name }) => [round, name])).toEqual(
        told.map((one: CalendarRace) => [one.round, one.name]),
      );
      for (const { slug } of rows) slugs.add(slug);
      await expectRightLineups(db, season);
      for (const [at, name] of (locks[step] ?? []).entries()) {
        const five = drivers.slice(3 * step + at, 3 * step + at + 5);
        await enter(db, season, `${name}-grand-prix`, five);
        await expectRightLineups(db, season);
        await reachLock(db, season, `${name}-grand-prix`);
        await expectRightLineups(db, season);
      }
    }
    expect(slugs.size).toBe(24);
    expect(await rowOf(db, season, "bahrain-grand-prix")).toMatchObject({ circuitId: "sepang", round: 16 });
    const saudi = await rowOf(db, season, "saudi-arabian-grand-prix");
    expect(saudi.cancelledAt).not.toBeNull();
    const miami = await rowOf(db, season, "miami-grand-prix");
    expect(miami.startsAt).toEqual(new Date(Date.parse("2026-05-03T17:00:00Z") + AHEAD));
  });
});

function readRace(listed: Listed & Record<string, unknown> & { raceName: string; round: string }): CalendarRace {
  const moment = ({ date, time }: Listed) => new Date(Date.parse(`${date}T${time}`) + AHEAD);
  const others = Object.entries(BLOCKS).flatMap(([block, name]) =>
    listed[block] ? [[name, moment(listed[block] as Listed)]] : [],
  );
  const circuit = listed.Circuit as { circuitId: string; circuitName: string; Location: Record<string, string> };
  const { locality = "", country = "" } = circuit.Location;
  return {
    name: listed.raceName,
    round: Number(listed.round),
    circuit: { id: circuit.circuitId, name: circuit.circuitName, locality, country },
    sessions: { ...Object.fromEntries(others), race: moment(listed) },
  };
}
