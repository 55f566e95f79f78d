import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rankTeams } from "./standings.ts";

describe("standings", () => {
  test("share a rank among equals and skip the next: 1, 2, 2, 4", () => {
    const teams = [
      { teamId: "a", total: 10, best: 10 },
      { teamId: "b", total: 20, best: 10 },
      { teamId: "c", total: 20, best: 15 },
      { teamId: "d", total: 30, best: 10 },
    ];
    expect(rankTeams(teams).map((team) => [team.teamId, team.rank])).toEqual([
      ["d", 1],
      ["c", 2],
      ["b", 2],
      ["a", 4],
    ]);
  });

  test("list equals by their best race, then the earlier team", () => {
    const teams = [
      { teamId: "02", total: 20, best: 10 },
      { teamId: "01", total: 20, best: 10 },
      { teamId: "03", total: 20, best: 20 },
    ];
    expect(rankTeams(teams).map((team) => team.teamId)).toEqual(["03", "01", "02"]);
    expect(rankTeams(teams).map((team) => team.rank)).toEqual([1, 1, 1]);
  });

  test("rank teams that have scored nothing", () => {
    expect(rankTeams([{ teamId: "a", total: 0, best: 0 }])).toEqual([{ teamId: "a", total: 0, best: 0, rank: 1 }]);
    expect(rankTeams([])).toEqual([]);
  });

  test("give every team one more than the number of teams with a higher total, in any order", () => {
    const anyTeams = fc.uniqueArray(
      fc.record({ teamId: fc.uuid(), total: fc.integer({ min: 0, max: 8 }), best: fc.integer({ min: 0, max: 3 }) }),
      { selector: (team) => team.teamId, maxLength: 30 },
    );
    fc.assert(
      fc.property(anyTeams, (teams) => {
        const ranked = rankTeams(teams);
        expect(ranked).toEqual(rankTeams([...teams].reverse()));
        for (const team of ranked) expect(team.rank).toBe(1 + teams.filter((other) => other.total > team.total).length);
      }),
    );
  });
});
