import { writeFileSync } from "node:fs";
import { layout } from "./layout.ts";
import { convertSeason } from "./season.ts";

const [folder, season] = process.argv.slice(2);
if (folder === undefined || season === undefined || !/^\d{4}$/.test(season)) {
  console.error("Usage: convert <folder with Ergast-style JSON> <year>");
  process.exit(2);
}
const file = new URL(`../../../packages/db/seasons/${season}.json`, import.meta.url);
writeFileSync(file, `${layout(convertSeason(folder, Number(season)))}\n`);
