import { appRouter } from "@pitwall/api";
import { aWorld } from "@pitwall/api/ownership.fixture";
import { routesOf } from "@pitwall/api/routes";
import { openDatabase } from "@pitwall/db/database";
import { test as withDatabase } from "@pitwall/testing/database";
import { describe, expect } from "vitest";
import { anApp, somebody } from "./app.fixture.ts";

const test = withDatabase
  .extend("world", { scope: "file" }, async ({ database: { db } }) => aWorld(db))
  .extend("processes", { scope: "file" }, async ({ database: { db, url } }, { onCleanup }) => {
    const other = openDatabase({ url });
    onCleanup(() => other.close());
    return { app: anApp(db).app, twin: anApp(other.db).app };
  });

const REVALIDATED = "public, no-cache";
const MINUTE = "public, max-age=60, stale-while-revalidate=60";

/** How long what everybody may read is kept, said a second time on purpose: a read that is not here fails. */
const DECLARED: Readonly<Record<string, readonly string[]>> = {
  [MINUTE]: ["results.policy", "seasons.ruleSets", "seasons.rules", "stats.public"],
  [REVALIDATED]: [
    ...["constructors.list", "drivers.byId", "drivers.entries", "drivers.list", "drivers.points"],
    ...["leagues.byId", "leagues.list", "leagues.members", "races.bySlug", "races.list", "races.next"],
    ...["results.current", "results.revisions", "results.scores", "scores.best", "scores.byTeam", "scores.ledger"],
    ...["seasons.byYear", "seasons.list", "standings.around", "standings.global", "standings.league"],
    ...["standings.leagueAround", "teams.byId", "teams.lineup", "teams.list", "users.byUsername"],
  ],
};

const reads = routesOf(appRouter).filter(({ method }) => method === "GET");

describe("what everybody may read", () => {
  test("is declared with how long it is kept", () => {
    const declared = Object.values(DECLARED).flat();
    const forAll = reads.filter(({ who }) => who === "anyone").map(({ name }) => name);
    expect(declared.toSorted()).toEqual(forAll.toSorted());
  });

  test.for(Object.entries(DECLARED).flatMap(([kept, names]) => names.map((name) => [name, kept] as const)))(
    "%s: %s, by any process alike, and without a body to whoever has it",
    async ([name, kept], { world, processes: { app, twin } }) => {
      const path = pathOf(name, world);
      const first = await app.request(path);
      expect([first.status, first.headers.get("cache-control")]).toEqual([200, kept]);
      expect(first.headers.get("vary")?.toLowerCase()).toContain("authorization, cookie");
      const etag = first.headers.get("etag") ?? "";
      expect(etag).toMatch(/^"(\d+-)?[\w-]{27}"$/);
      const head = await twin.request(path, { method: "HEAD" });
      expect([head.status, head.headers.get("etag"), await head.text()]).toEqual([200, etag, ""]);
      const again = await twin.request(path, { headers: { "if-none-match": etag } });
      expect([again.status, await again.text()]).toEqual([304, ""]);
      expect(Object.fromEntries(again.headers)).toMatchObject({ etag, "cache-control": kept });
      expect(again.headers.get("content-type")).toBeNull();
    },
  );

  test("is kept by nobody when somebody known asks, and neither is what is theirs, or went wrong", async ({
    world,
    processes: { app },
  }) => {
    const { headers } = await somebody(app);
    const bearer = { headers };
    for (const { name, who } of reads) {
      if (who === "admin") continue;
      const known = await app.request(pathOf(name, world), bearer);
      expect([name, known.headers.get("cache-control")]).toEqual([name, "no-store"]);
      if (who === "anyone") continue;
      const guest = await app.request(pathOf(name, world));
      expect([name, guest.status, guest.headers.get("cache-control")]).toEqual([name, 401, "no-store"]);
    }
    for (const path of ["/api/v1/seasons/1999", "/api/v1/nowhere", "/api/v1/drivers?limit=0"])
      expect((await app.request(path)).headers.get("cache-control")).toBe("no-store");
  });
});

type World = Awaited<ReturnType<typeof aWorld>>;

/** Where a procedure stands, asked about the world. */
function pathOf(name: string, { season, scored, teams, fair, people, driverIds }: World): string {
  const route = reads.find((one) => one.name === name);
  const isOfLeague = name.startsWith("leagues.") || name.startsWith("standings.league");
  const words: Record<string, string> = {
    "{season}": String(season),
    "{slug}": scored,
    "{driver}": driverIds[0] ?? "",
    "{id}": isOfLeague ? fair.id : teams.owner.id,
    "{teamId}": teams.owner.id,
    "{username}": people.owner.username,
  };
  const path = route?.segments.map((segment) => words[segment] ?? segment).join("/");
  const takesSeason = route?.input && Object.hasOwn(route.input.shape, "season") && !path?.includes(String(season));
  return `/api/v1/${path}${takesSeason ? `?season=${season}` : ""}`;
}
