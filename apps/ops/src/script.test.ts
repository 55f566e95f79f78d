import { userInfo } from "node:os";
import { basename, dirname } from "node:path";
import { aScoredRace, guest } from "@pitwall/api/play.fixture";
import { type Db, openDatabase } from "@pitwall/db/database";
import { auditLog, broadcasts, races, revisions } from "@pitwall/db/schema";
import { aUser } from "@pitwall/testing/builders";
import { aDatabase, test } from "@pitwall/testing/database";
import { describe, expect, onTestFinished } from "vitest";
import { aFile, script, scriptIn } from "./script.fixture.ts";

const ACTOR = `script:${userInfo().username}`;

async function auditOf(db: Db, subject: string) {
  return (await db.select().from(auditLog)).filter((row) => row.subject === subject);
}

describe("grant-admin and revoke-admin", () => {
  test("change what somebody may do, by name or address, and the audit trail names the script", async ({
    database: { db, url },
  }) => {
    const boss = await aUser(db, { username: "the_boss", role: "admin" });
    const ann = await aUser(db, { username: "ann_of_monza" });
    await aUser(db, { username: "ann_of_monza_2" });
    expect(await script(url, "grant-admin", "Ann_of_Monza")).toMatchObject({
      code: 0,
      out: "ann_of_monza is now an admin.\n",
    });
    expect(await script(url, "grant-admin", "ann_of_monza")).toMatchObject({
      code: 0,
      out: "ann_of_monza is already an admin.\n",
    });
    const json = await script(url, "revoke-admin", ann.email, "--json");
    expect(JSON.parse(json.out)).toEqual({
      ...{ script: "revoke-admin", dryRun: false, id: ann.id, username: "ann_of_monza" },
      ...{ role: "user", changed: true, isActive: true },
    });
    expect(await auditOf(db, ann.id)).toMatchObject([
      { actor: ACTOR, act: "change_user", detail: { role: { from: "user", to: "admin" } } },
      { actor: ACTOR, act: "change_user", detail: { role: { from: "admin", to: "user" } } },
    ]);
    expect(await script(url, "revoke-admin", boss.username)).toEqual({
      ...{ code: 1, out: "" },
      err: "This is the last admin. Make somebody else an admin first.\n",
    });
    expect(await script(url, "grant-admin", "ann_of")).toEqual({
      ...{ code: 1, out: "" },
      err: 'Nobody here is called "ann_of". Like it: ann_of_monza_2, ann_of_monza.\n',
    });
  });

  test("leave no trace when they are only tried", async ({ database: { db, url } }) => {
    const { id, username } = await aUser(db);
    const tried = await script(url, "grant-admin", username, "--dry-run");
    expect(tried).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\S+ is now an admin\.\nDry run: it was rolled back/),
    });
    expect(tried.err).toMatch(/^(dry run: .*\n)*$/);
    expect(await auditOf(db, id)).toEqual([]);
    expect(await script(url, "users", username)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/ user +standard +active /),
    });
  });
});

/** A race with a result, that has started by everybody's clock; and its classification as the file of a script. */
async function aRaceToCorrect(db: Db) {
  const { season, race, drivers } = await aScoredRace(db);
  await db.update(races).set({ startsAt: new Date(Date.now() - 60_000) });
  const swapped = [drivers[1], drivers[0], ...drivers.slice(2)].map((driver) => driver?.id ?? "");
  const csv = (ids: readonly string[]) =>
    ["driver,laps,fastest_lap", ...ids.map((id, place) => `${id},57,${place === 0 ? "yes" : ""}`)].join("\n");
  const current = () => guest(db).results.current({ season, slug: race.slug });
  const told = async () => (await db.select().from(broadcasts)).filter(({ raceId }) => raceId === race.id).length;
  return { season: String(season), slug: race.slug, drivers, swapped, csv, current, told };
}

describe("import-result", () => {
  test("corrects a result as an admin would, and imports what the API answers", async ({ database: { db, url } }) => {
    const { season, slug, csv, swapped, current, told } = await aRaceToCorrect(db);
    const before = JSON.stringify(await current(), null, 1);
    const place = [season, slug, aFile("csv", csv(swapped))] as const;
    expect(await script(url, "import-result", ...place, "--dry-run", "--note", "the stewards")).toMatchObject({
      code: 0,
      out: expect.stringContaining(`${season} ${slug} (race of 20 cars): corrected by revision 2.\nDry run: `),
    });
    expect([await current(), await told()]).toMatchObject([{ revision: 1 }, 1]);

    const done = await script(url, "import-result", ...place, "--note", "the stewards");
    expect(done).toMatchObject({ code: 0, out: `${season} ${slug} (race of 20 cars): corrected by revision 2.\n` });
    expect(await current()).toMatchObject({ revision: 2, source: `admin:${ACTOR}` });
    expect((await current()).sessions[0]?.cars.map(({ driverId }) => driverId)).toEqual(swapped);
    expect(await told()).toBe(2);
    expect(await auditOf(db, `${season}/${slug}`)).toMatchObject([
      { actor: ACTOR, act: "enter_result", detail: { outcome: "corrected", revision: 2, note: "the stewards" } },
    ]);
    const again = await script(url, "import-result", ...place, "--json");
    expect(JSON.parse(again.out)).toMatchObject({ outcome: "unchanged", revision: 2, dryRun: false });
    expect(await script(url, "import-result", season, slug, aFile("json", before))).toMatchObject({ code: 0 });
    expect(await current()).toMatchObject({ revision: 3, sessions: JSON.parse(before).sessions });
  });

  test("tells every fault with its line, whoever found it, and changes nothing", async ({ database: { db, url } }) => {
    const { season, slug, csv, drivers, swapped, current } = await aRaceToCorrect(db);
    const twice = aFile("csv", csv(["stranger", ...swapped.slice(1, 19), drivers[2]?.id ?? ""]));
    const unknown = await script(url, "import-result", season, slug, twice);
    expect(unknown).toMatchObject({ code: 1, out: "" });
    expect(unknown.err).toBe(`${twice}:2: stranger is not entered in the race. Say which constructor and number.\n`);
    const cut = aFile("csv", csv([...swapped.slice(0, 19), drivers[2]?.id ?? ""]).replace(",57,\n", ",999,\n"));
    const malformed = await script(url, "import-result", season, slug, cut);
    expect(malformed.err).toMatch(new RegExp(`^${cut}:3: laps: Too big: .+\\n$`));
    const doubled = aFile("csv", csv([...swapped.slice(0, 19), drivers[2]?.id ?? ""]));
    const faults = await script(url, "import-result", season, slug, doubled);
    expect(faults.err).toBe(`${doubled}:21: ${drivers[2]?.id} is listed more than once in the race.\n`);
    expect(await script(url, "import-result", season, slug, "nowhere.csv")).toMatchObject({
      ...{ code: 2, err: "There is no file nowhere.csv.\n" },
    });
    expect(await script(url, "import-result", season, "atlantis", doubled)).toMatchObject({
      ...{ code: 1, err: `There is no race "atlantis" in the season ${season}.\n` },
    });
    expect(await current()).toMatchObject({ revision: 1 });
    expect(await db.$count(revisions)).toBeGreaterThan(0);
  });
});

describe("rescore", () => {
  test("puts right what differs, tells how far it is, and can be tried first", async ({
    database: { db, pool, url },
  }) => {
    const { season, race } = await aScoredRace(db);
    const year = String(season);
    expect(await script(url, "rescore", year)).toMatchObject({
      code: 0,
      out: `${year}: 1 race was scored again, and all is as it was.\n`,
      err: `a race was scored again: season ${year}, race ${race.slug}, nth 1, of 1\n`,
    });
    const of = `from lineup_scores where run_id in (select id from scoring_runs where race_id = ${race.id}) order by 1`;
    const points = async () => (await pool.query(`select points ${of}`)).rows;
    const right = await points();
    await pool.query("update lineup_scores set points = 1");
    const tried = await script(url, "rescore", year, race.slug, "--dry-run");
    expect(tried).toMatchObject({ code: 0, out: expect.stringContaining("1 put right.\nDry run: ") });
    expect(await points()).not.toEqual(right);
    expect(await script(url, "rescore", year, "--json")).toMatchObject({
      code: 0,
      out: expect.stringContaining('"rebuilt": 1'),
    });
    expect(await points()).toEqual(right);
    expect(await auditOf(db, `${year}/${race.slug}`)).toMatchObject([
      { actor: ACTOR, act: "rescore_race" },
      { actor: ACTOR },
    ]);
    expect(await script(url, "rescore", "1950")).toMatchObject({ code: 1, out: "" });
  });
});

describe("what cannot be done is told in words", () => {
  const AWAY = "postgres://127.0.0.1:1/nowhere";

  test.for([
    [[], /^Usage: .+grant-admin <username>/s],
    [["make-coffee"], /^There is no script "make-coffee"\.\nUsage: /],
    [["constructor"], /^There is no script/],
    [["rescore"], /^Say <season> as well\.\nUsage: /],
    [["import-result", "2026"], /^Say <race> and <file\.csv\|file\.json> as well\./],
    [["grant-admin", "ann", "ben"], /^These are more words than it takes\./],
    [["rescore", "last"], /^"last" is no season/],
    [["grant-admin", "ann", "--force"], /^Unknown option '--force'\.\nUsage: /],
    [["grant-admin", "ann", "--note", "why"], /^There is nothing for a note to be kept with\./],
  ] as const)("%j", async ([argv, said]) => {
    const { code, out, err } = await script(AWAY, ...argv);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(said);
  });

  test("a database that is away, without tables, or not for us", async () => {
    expect(await script(AWAY, "users")).toEqual({
      ...{ code: 1, out: "", err: "The database does not answer: see DATABASE_URL.\n" },
    });
    expect(await script("", "users")).toMatchObject({
      code: 2,
      err: expect.stringContaining("DATABASE_URL: is to be"),
    });
    const { url, drop } = await aDatabase("empty");
    onTestFinished(drop);
    expect(await script(url, "users")).toMatchObject({ code: 1, err: expect.stringContaining("pnpm migrate") });
    const elsewhere = Object.assign(new URL(url), { pathname: "/not_there" }).href;
    expect(await script(elsewhere, "users")).toMatchObject({
      code: 2,
      err: expect.stringMatching(/"not_there" does not exist/),
    });
  });

  test("a fault of ours, without a stack", async () => {
    const { url, drop } = await aDatabase("migrated");
    onTestFinished(drop);
    const { pool, close } = openDatabase({ url });
    await pool.query("alter table users rename to people");
    await close();
    const { code, out, err } = await script(url, "users");
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/^a procedure failed: .*relation \\?"users\\?" does not exist.*\nSomething went wrong/s);
    expect(err).not.toMatch(/\bat .+:\d+:\d+|params/);
  });

  test("a path begins where pnpm was started", async () => {
    const path = aFile("csv", "driver,laps\nnorris,many\n");
    const file = basename(path);
    expect(await scriptIn({ INIT_CWD: dirname(path) }, "import-result", "2026", "monza", file)).toEqual({
      ...{ code: 2, out: "", err: `${file}:2: laps "many" is no whole number\n` },
    });
  });

  test.for([["help"], ["--help"], ["rescore", "--help"], ["import-result", "-h"]])("%j is no fault", async (argv) => {
    expect(await script(AWAY, ...argv)).toMatchObject({
      code: 0,
      err: "",
      out: expect.stringMatching(/^Usage: pnpm /),
    });
  });
});
