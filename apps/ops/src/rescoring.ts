import type { Caller } from "@pitwall/api";
import type { Act } from "./acts.ts";
import { seasonIn } from "./season.ts";

type Rescored = Awaited<ReturnType<Caller["admin"]["rescoreRace"]>>;

/** Scores a season again, or one race of it. */
export function rescore(year: string, slug: string | undefined): Act {
  const season = seasonIn(year);
  return async ({ admin }) => {
    const items =
      slug === undefined ? (await admin.rescoreSeason({ season })).items : [await admin.rescoreRace({ season, slug })];
    const put = items.filter(({ rebuilt }) => rebuilt);
    const races = items.length === 1 ? "1 race was" : `${items.length} races were`;
    const summary = `${season}: ${races} scored again, ${put.length === 0 ? "and all is as it was" : `${put.length} put right`}.`;
    return { text: [...put.map(inWords), summary].join("\n"), facts: { season, rebuilt: put.length, items } };
  };
}

function inWords({ slug, revision, drivers, lineups, teams, stored, found }: Rescored): string {
  const off = `${drivers} drivers, ${lineups} line-ups and ${teams} teams had other points`;
  const proof = stored.digestIn === found.digestIn && stored.digestOut === found.digestOut ? "" : ", or its proof did";
  return `  ${slug}, revision ${revision}: ${off}${proof}; standings built anew`;
}
