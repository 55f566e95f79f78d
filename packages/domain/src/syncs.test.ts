import { describe, expect, test } from "vitest";
import { isSyncDue } from "./syncs.ts";

const at = (text: string) => new Date(`2026-${text}Z`);

/** Las Vegas: from Friday to Sunday by the clock of UTC. */
const weekends = [
  {
    fp1: at("11-20T00:30:00"),
    fp2: at("11-20T04:00:00"),
    fp3: at("11-21T00:30:00"),
    qualifying: at("11-21T04:00:00"),
    race: at("11-22T04:00:00"),
  },
];

const moment = (text: string | null) => (text === null ? null : at(text));

const due = (now: string, syncedAt: string | null, askedAt = syncedAt) =>
  isSyncDue({ syncedAt: moment(syncedAt), askedAt: moment(askedAt), weekends }, at(now));

describe("a season is asked for", () => {
  test.each([
    ["when it never was", "11-10T12:00:00", null, true],
    ["at three", "11-11T03:00:00", "11-10T03:00:01", true],
    ["late, when three was missed", "11-11T15:00:00", "11-10T03:00:01", true],
    ["not before three", "11-11T02:59:59", "11-10T03:00:01", false],
    ["not twice a day", "11-11T06:00:00", "11-11T03:00:01", false],
    ["not twice by a doubled tick", "11-11T03:00:02", "11-11T03:00:01", false],
    ["every three hours on a day of the weekend", "11-20T06:00:00", "11-20T03:00:01", true],
    ["on a day of the weekend without a session to come", "11-22T21:00:00", "11-22T18:00:01", true],
    ["not more often on the day before", "11-19T21:00:00", "11-19T03:00:01", false],
    ["not more often on the day after", "11-23T06:00:00", "11-23T03:00:01", false],
  ])("%s", (_, now, syncedAt, isDue) => {
    expect(due(now, syncedAt)).toBe(isDue);
  });

  test("again an hour after nothing came of it, and no sooner", () => {
    expect(due("11-11T03:59:00", "11-10T03:00:01", "11-11T03:00:00")).toBe(false);
    expect(due("11-11T04:00:00", "11-10T03:00:01", "11-11T03:00:00")).toBe(true);
    expect(due("11-11T03:59:00", null, "11-11T03:00:00")).toBe(false);
  });
});
