import { seasonFacts } from "@pitwall/db/facts";
import { HOUR, MINUTE } from "@pitwall/domain/durations";
import { expect, test } from "vitest";
import { classificationAt, historicalCalendar, type ReplayCalendar, replayCalendar, replayedAnswer } from "./replay.ts";

const facts = seasonFacts(2025);
const calendar = historicalCalendar(facts);
const afterTheSeason = new Date("2026-01-01T00:00:00Z");

function answerTo(path: string, at = afterTheSeason, when: ReplayCalendar = calendar) {
  return replayedAnswer(`/ergast/f1${path}`, { facts, calendar: when, at });
}

test("a document has the source's shape, and every value is text", () => {
  const { status, headers, body } = answerTo("/2025/1/results.json?limit=100");
  expect(status).toBe(200);
  expect(headers).toMatchObject({ "content-type": "application/json", "cache-control": "max-age=3600" });
  const { MRData } = JSON.parse(body);
  expect(MRData).toMatchObject({ series: "f1", limit: "100", offset: "0", total: "20" });
  expect(MRData.url).toBe("https://api.jolpi.ca/ergast/f1/2025/1/results.json");
  expect(MRData.RaceTable).toMatchObject({ season: "2025", round: "1" });
  const [race] = MRData.RaceTable.Races;
  expect(race).toMatchObject({
    season: "2025",
    round: "1",
    raceName: "Australian Grand Prix",
    Circuit: { circuitId: "albert_park", Location: { locality: "Melbourne", country: "Australia" } },
    date: "2025-03-16",
    time: "04:00:00Z",
  });
  expect(race.Results[0]).toMatchObject({
    number: "4",
    position: "1",
    positionText: "1",
    points: "25",
    Driver: { driverId: "norris", permanentNumber: "4", code: "NOR", givenName: "Lando", dateOfBirth: "1999-11-13" },
    Constructor: { constructorId: "mclaren", name: "McLaren", nationality: "British" },
    grid: "1",
    laps: "57",
    status: "Finished",
    FastestLap: { rank: "1" },
  });
  expect(race.Results.at(-1)).toMatchObject({ positionText: "R", status: "Retired", points: "0" });
});

test("what is not published, not run or unknown is an empty list with status 200", () => {
  const empty = (season: string, round: string) => ({ total: "0", RaceTable: { season, round, Races: [] } });
  const before = new Date("2025-03-16T05:00:00Z");
  expect(JSON.parse(answerTo("/2025/1/results.json", before).body).MRData).toMatchObject(empty("2025", "1"));
  expect(JSON.parse(answerTo("/2025/1/sprint.json").body).MRData).toMatchObject(empty("2025", "1"));
  expect(JSON.parse(answerTo("/2025/99/results.json").body).MRData).toMatchObject(empty("2025", "99"));
  expect(JSON.parse(answerTo("/1999/1/results.json").body).MRData).toMatchObject(empty("1999", "1"));
  expect(JSON.parse(answerTo("/2025/1/results.json", afterTheSeason, new Map()).body).MRData).toMatchObject(
    empty("2025", "1"),
  );
});

test("a disqualified car, one that did not start and a lapped one are told apart", () => {
  const rowsOf = (round: number) =>
    JSON.parse(answerTo(`/2025/${round}/results/`).body).MRData.RaceTable.Races[0].Results;
  expect(rowsOf(22).at(-1)).toMatchObject({ positionText: "D", status: "Disqualified", points: "0" });
  expect(rowsOf(9).at(-1)).toMatchObject({ positionText: "W", status: "Did not start", grid: null });
  expect(rowsOf(3).at(-1)).toMatchObject({ positionText: "20", status: "Lapped" });
});

test("a page is as long as the source makes it", () => {
  const limitOf = (query: string) => JSON.parse(answerTo(`/2025/1/results.json${query}`).body).MRData.limit;
  expect([limitOf(""), limitOf("?limit=1000"), limitOf("?limit=0"), limitOf("?limit=abc")]).toEqual([
    "30",
    "100",
    "30",
    "30",
  ]);
  const short = JSON.parse(answerTo("/2025/1/results.json?limit=3").body).MRData;
  expect([short.total, short.RaceTable.Races[0].Results.length]).toEqual(["20", 3]);
});

test("who spells an address wrongly or avoids the cache is turned away as by the source", () => {
  expect(answerTo("/2025/1/results").headers).toMatchObject({ location: "/ergast/f1/2025/1/results/" });
  expect(answerTo("/2025/1/results").status).toBe(301);
  expect(answerTo("/2025/100/results.json").status).toBe(404);
  expect(answerTo("/2025/1/results.json?noCache=1").status).toBe(403);
});

test("a revision appears at its hour, and the one before is seen until then", () => {
  const race = facts.races[21];
  if (!race) throw new Error("Las Vegas is missing");
  const flagAt = new Date("2025-11-23T05:30:00Z").getTime();
  const seen = (hours: number) => {
    const second = classificationAt(race, calendar, new Date(flagAt + hours * HOUR))?.race[1];
    return second?.driverId ?? null;
  };
  expect([seen(0), seen(2.5), seen(2.6), seen(13), seen(13.1), seen(1000)]).toEqual([
    null,
    null,
    "norris",
    "norris",
    "russell",
    "russell",
  ]);
});

test("a season in fast motion shows the same revisions at its own pace", () => {
  const race = facts.races[21];
  if (!race) throw new Error("Las Vegas is missing");
  const to = new Date("2027-03-01T12:00:00Z");
  const fast = replayCalendar(facts, { from: new Date("2025-11-23T05:30:00Z"), to, hour: MINUTE });
  const seen = (ms: number) => classificationAt(race, fast, new Date(to.getTime() + ms))?.race[1]?.driverId ?? null;
  expect([seen(2 * MINUTE), seen(3 * MINUTE), seen(14 * MINUTE)]).toEqual([null, "norris", "russell"]);
  expect(answerTo("/2025/22/results.json", to, fast).headers).toMatchObject({ "cache-control": "max-age=60" });
});
