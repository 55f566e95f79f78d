import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { aScoredRace } from "@pitwall/api/play.fixture";
import type { Database } from "@pitwall/db/database";
import { seasonFacts, shippedSeasons } from "@pitwall/db/facts";
import { migrate } from "@pitwall/db/migrate";
import { runScript } from "@pitwall/ops/script";
import { aFolder } from "@pitwall/rig/folder";
import { contextAs } from "@pitwall/services/context.fixture";
import { isOutage } from "@pitwall/services/outages";
import { recordShippedResults } from "@pitwall/services/results/shipped";
import { seedSeason } from "@pitwall/services/seasons/seed";
import { ensureAdmin } from "@pitwall/services/users";
import { aUser } from "@pitwall/testing/builders";
import type { Place } from "./places.ts";
import type { Player, Scene, WritePath } from "./scene.ts";

class ScriptError extends Error {}

/** Something that is simply done again, until it is done. */
function scene(path: WritePath, setUp: Scene["setUp"], actIn: (place: Place) => () => Promise<unknown>): Scene {
  return {
    name: path.name,
    paths: [path],
    setUp,
    async enter(place): Promise<Player> {
      const work = actIn(place);
      const act = () =>
        work().then(
          () => "done" as const,
          (error) =>
            isOutage(error) || error instanceof ScriptError ? ("unavailable" as const) : { wrong: String(error) },
        );
      return { ready: async () => undefined, act, again: act, leave: async () => undefined };
    },
  };
}

const nothing = async () => undefined;
const starting = ({ wired: { db } }: Place) => contextAs(db, { kind: "system", name: "start" });
const admin = { username: "chief", email: "chief@example.org", password: "Correct-Horse-7" };

async function played({ db }: Database): Promise<void> {
  await aScoredRace(db);
  await aUser(db, { username: "ann_of_monza" });
  await aUser(db, { username: "the_boss", role: "admin" });
  await aUser(db, { username: "the_other", role: "admin" });
}

type Words = (place: Place, folder: string) => Promise<readonly string[]>;

/** Where it is written that somebody did it, though it was done already. */
const TOLD_EACH_TIME: Readonly<Record<string, readonly string[]>> = {
  rescore: ["audit_log"],
  "import-result": ["audit_log", "looks"],
};

function script(name: string, words: Words, setUp = played): Scene {
  return scene({ name, isDoneEachTime: true, spares: TOLD_EACH_TIME[name] ?? [] }, setUp, (place) => async () => {
    const said: string[] = [];
    const terminal = { out: () => undefined, err: (text: string) => said.push(text) };
    const folder = aFolder();
    try {
      const code = await runScript(
        [name, ...(await words(place, folder.path))],
        { DATABASE_URL: place.proxy.url },
        terminal,
      );
      if (code !== 0) throw new ScriptError(said.join(""));
    } finally {
      folder.remove();
    }
  });
}

/** The one race there is, as a script names it. */
async function raceIn({ watched: { pool } }: Place) {
  const { rows } = await pool.query("select season, slug from races");
  return [String(rows[0].season), String(rows[0].slug)] as const;
}

/** The order of the first result turned round, as a file, which is the same file each time. */
async function resultOf({ watched: { pool } }: Place, folder: string): Promise<string> {
  const { rows } = await pool.query(
    "select driver_id, laps from classifications where revision = 1 order by position desc",
  );
  const file = join(folder, "result.csv");
  const lines = rows.map(({ driver_id, laps }, at) => `${at + 1},${driver_id},${laps}`);
  await writeFile(file, ["position,driver,laps", ...lines].join("\n"));
  return file;
}

export const scripts = ["grant-admin", "revoke-admin", "rescore", "import-result"];

/** What is written when the house starts, and what operators write by hand. */
export const starts: readonly Scene[] = [
  scene(
    { name: "migrate", inSteps: true },
    null,
    ({ proxy }) =>
      () =>
        migrate({ url: proxy.url }),
  ),
  scene({ name: "seed", inSteps: true }, nothing, (place) => async () => {
    for (const year of shippedSeasons()) {
      await seedSeason(starting(place), seasonFacts(year));
      await recordShippedResults(starting(place), seasonFacts(year));
    }
  }),
  scene({ name: "first admin" }, nothing, (place) => () => ensureAdmin(starting(place), admin)),
  script("grant-admin", async () => ["ann_of_monza"]),
  script("revoke-admin", async () => ["the_other"]),
  script(
    "rescore",
    async (place) => [(await raceIn(place))[0]],
    async (database) => {
      await played(database);
      await database.pool.query("update standings set total = total + 10");
    },
  ),
  script(
    "import-result",
    async (place, folder) => [...(await raceIn(place)), await resultOf(place, folder)],
    async (database) => {
      await played(database);
      await database.pool.query(
        "update races set starts_at = lock_at, flag_due_at = lock_at + interval '1 millisecond'",
      );
    },
  ),
];
