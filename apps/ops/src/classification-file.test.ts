import { describe, expect, test } from "vitest";
import { AskingError } from "./asking.ts";
import { readClassification } from "./classification-file.ts";

const lines = (...all: string[]): string => all.join("\n");

/** What an AskingError says, line by line. */
function faultsOf(file: string, text: string): string[] {
  try {
    readClassification(file, text);
  } catch (error) {
    if (error instanceof AskingError) return error.message.split("\n");
    throw error;
  }
  return [];
}

const WINNER = { driverId: "norris", position: 1, laps: 57, fastestLap: true, finish: "classified" };

describe("a classification in a file", () => {
  test.for([
    ["with commas", lines("driver,position,laps,fastest_lap,status", "norris,1,57,yes,finished", "hadjar,,3,,DNF")],
    [
      "as a spreadsheet saves it",
      '\uFEFFDriver;Position;Laps;Fastest Lap;Status\r\n"norris";1;57;Yes;"classified"\r\n\r\nhadjar;;3;;dnf;\r\n'.replace(
        "dnf;\r",
        "dnf\r",
      ),
    ],
  ] as const)("is read %s, with the line of each car", ([, text]) => {
    const [race, ...more] = readClassification("bahrain.csv", text);
    expect(more).toEqual([]);
    expect(race?.session).toBe("race");
    expect(race?.cars.map(({ car }) => car)).toEqual([
      WINNER,
      { driverId: "hadjar", laps: 3, finish: "not_classified" },
    ]);
    expect(race?.cars[0]?.line).toBe(2);
  });

  test("is read as JSON, as a list or as the API answers it", () => {
    const list = JSON.stringify([{ driver: "norris", position: 1, laps: 57, fastest_lap: true, status: "finished" }]);
    const cars = [{ line: 1, car: WINNER }];
    expect(readClassification("a.json", list)).toEqual([{ session: "race", cars }]);
    const answered = lines(
      '{ "season": 2026, "sessions": [',
      '  { "session": "race", "cars": [',
      '    { "driverId": "norris", "position": 1, "laps": 57, "fastestLap": true, "finish": "classified" } ] },',
      '  { "session": "sprint", "cars": [',
      '    { "driverId": "hadjar", "grid": null, "points": 12.5 },',
      "",
      '    { "driverId": "stroll", "grid": 0 } ] } ] }',
    );
    expect(readClassification("a.JSON", answered)).toEqual([
      { session: "race", cars: [{ line: 3, car: WINNER }] },
      {
        session: "sprint",
        cars: [
          { line: 5, car: { driverId: "hadjar", points: 12.5 } },
          { line: 7, car: { driverId: "stroll", grid: 0 } },
        ],
      },
    ]);
  });

  test("keeps sessions apart, and knows the pit lane", () => {
    const text = lines("session,driver,grid", "race,norris,pit", "sprint,norris,2", "race,hadjar,Pit");
    const [race, sprint] = readClassification("b.csv", text);
    expect(race?.cars).toEqual([
      { line: 2, car: { driverId: "norris", grid: 0 } },
      { line: 4, car: { driverId: "hadjar", grid: 0 } },
    ]);
    expect(sprint).toEqual({ session: "sprint", cars: [{ line: 3, car: { driverId: "norris", grid: 2 } }] });
  });

  test("counts the lines of a quoted cell, and takes two quotes for one", () => {
    const text = lines("driver,constructor", '"nor', 'ris","mc ""laren"""', "hadjar,red_bull");
    expect(readClassification("c.csv", text)[0]?.cars).toEqual([
      { line: 2, car: { driverId: "nor\nris", constructorId: 'mc "laren"' } },
      { line: 4, car: { driverId: "hadjar", constructorId: "red_bull" } },
    ]);
  });

  test("tells every fault with its line", () => {
    const text = lines(
      "driver,position,laps,status,fastest_lap,points",
      "norris,first,57,won,perhaps,25.55",
      ",2,-1,,,",
    );
    expect(faultsOf("d.csv", text)).toEqual([
      'd.csv:2: position "first" is no whole number',
      expect.stringMatching(/^d\.csv:2: status "won" is none of classified, finished, /),
      'd.csv:2: points "25.55" is no number with at most one decimal',
      'd.csv:2: fastest_lap "perhaps" is neither yes nor no',
      "d.csv:3: driver is missing",
      'd.csv:3: laps "-1" is no whole number',
    ]);
  });

  test.for([
    ["e.csv", "", "e.csv: there is no car in it."],
    ["e.csv", "driver,laps", "e.csv: there is no car in it."],
    ["e.csv", lines("driver,tyres,", "norris,soft"), 'e.csv:1: no column is called "tyres", "".'],
    ["e.csv", lines("driver", "norris,57"), "e.csv:2: there are 2 cells under 1 names."],
    [
      "e.csv",
      lines("driver", "norris", '"hadjar'),
      "e.csv:3: a cell is quoted, and its last quote is missing or not the end of it.",
    ],
    [
      "e.csv",
      lines("driver", '"nor"ris', "hadjar"),
      "e.csv:2: a cell is quoted, and its last quote is missing or not the end of it.",
    ],
    ["e.json", lines("[", '{"driver": "norris"},', '{"driver": }]'), "e.json:3: this is not JSON from here on."],
    ["e.json", lines('[{"driver": "norris"}', ""), "e.json:2: this is not JSON from here on."],
    ["e.json", "{}", 'e.json: it is to be a list of cars, or {"sessions": [{"session": …, "cars": […]}]}.'],
    [
      "e.json",
      lines("[", "[1]]"),
      'e.json: it is to be a list of cars, or {"sessions": [{"session": …, "cars": […]}]}.',
    ],
    ["e.json", '[{"driver": "norris", "tyres": ["soft"]}]', 'e.json:1: "tyres" is no column that is known'],
    ["e.json", '[{"driver": "norris", "laps": [57]}]', 'e.json:1: laps "[57]" is no whole number'],
    ["e.txt", "driver", "e.txt: its name is to end with .csv or .json, so that one knows how to read it."],
  ] as const)("is refused in words: %s %j", ([file, text, said]) => {
    expect(faultsOf(file, text)).toEqual([said]);
  });
});
