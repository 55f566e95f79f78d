import { DAY } from "@pitwall/domain/durations";
import { lockDueRaces } from "@pitwall/services/races";
import { aRace, aSeason, lockNow, someDrivers } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { expect, onTestFinished } from "vitest";
import { parts, password } from "./app.fixture.ts";
import { startServer } from "./serve.ts";
import { clientVoice, reasonOf, restVoice, scriptVoice, trpcVoice, type Voice } from "./story.fixture.ts";

test("the same story can be told by the typed client, over tRPC, over REST and by a script, and all see the same", async ({
  database: { db },
}) => {
  const { services, ...rest } = parts(db);
  const server = await startServer({ services, ...rest, host: "127.0.0.1", port: 0 });
  onTestFinished(() => server.close());
  const season = await aSeason(db);
  const drivers = await someDrivers(db, season);
  const race = await aRace(db, { season, lockIn: DAY, drivers, name: "Story Grand Prix" });
  const driverIds = [0, 2, 4, 6, 8].map((place) => drivers[place]?.id ?? "");

  const told = {
    client: await tell("byclient", () => clientVoice(server.url), { season, driverIds }),
    trpc: await tell("bytrpc", () => trpcVoice(server.url), { season, driverIds }),
    rest: await tell("byrest", () => restVoice(server.url), { season, driverIds }),
    script: await tell("byscript", () => scriptVoice(services), { season, driverIds }),
  };

  expect(told.client.seen).toMatchObject([
    { user: { username: "anna" } },
    { user: { username: "anna", role: "user" } },
    { name: "Slipstream", version: 1 },
    { cost: 75, remaining: 25, race: { name: "Story Grand Prix", isLocked: false } },
    { name: "Friends", isPrivate: true, memberCount: 1, role: "owner" },
    "lineup.hidden",
    "league.not_found",
    { name: "Friends", memberCount: 2, role: "member" },
    "league.already_member",
    {
      total: 2,
      items: [
        { username: "anna", role: "owner" },
        { username: "ben", role: "member" },
      ],
    },
    { items: [{ type: "league_joined", title: "ben joined Friends", isRead: false }] },
  ]);
  for (const way of [told.trpc, told.rest, told.script]) expect(way.seen).toEqual(told.client.seen);

  await lockNow(db, race);
  await lockDueRaces({ ...services, actor: { kind: "system", name: "clock" } });
  const shown = await told.client.afterTheLock();
  expect(shown).toMatchObject([{ captainId: driverIds[0], race: { isLocked: true } }, "season.no_open_race"]);
  for (const way of [told.trpc, told.rest, told.script]) expect(await way.afterTheLock()).toEqual(shown);
});

/** Anna enters a team and founds a league; Ben, who knows its code, joins it. Answers what both of them saw, and what Ben sees later. */
async function tell(
  way: string,
  voice: () => Voice,
  game: { season: number; driverIds: string[] },
): Promise<{ seen: unknown[]; afterTheLock: () => Promise<unknown[]> }> {
  const { season, driverIds } = game;
  const [captainId = ""] = driverIds;
  const [anna, ben] = [voice(), voice()];
  const account = (name: string) => ({ username: `${name}_${way}`, email: `${name}_${way}@example.org`, password });
  const registered = await anna.register(account("anna"));
  const signedIn = await anna.login({ login: account("anna").email, password });
  const annas = await anna.createTeam({ season, name: "Slipstream", driverIds, captainId });
  const lineup = await anna.lineup({ id: annas.id });
  const league = await anna.createLeague({ season, name: "Friends", teamId: annas.id });
  await ben.register(account("ben"));
  const bens = await ben.createTeam({ season, name: "Undercut", driverIds, captainId });
  const hidden = await reasonOf(ben.lineup({ id: annas.id }));
  const strange = await reasonOf(ben.members({ id: league.id }));
  const joined = await ben.joinByCode({ code: league.code ?? "", teamId: bens.id });
  const twice = await reasonOf(ben.joinByCode({ code: league.code ?? "", teamId: bens.id }));
  const members = await anna.members({ id: league.id });
  const heard = await anna.notifications({ unread: true });
  const seen = [registered, signedIn, annas, lineup, league, hidden, strange, joined, twice, members, heard];
  return {
    seen: withoutChance(seen, way),
    async afterTheLock() {
      const late = await reasonOf(anna.createTeam({ season, name: "Too late", driverIds, captainId }));
      return withoutChance([await ben.lineup({ id: annas.id }), late], way);
    },
  };
}

/** Ids, moments, codes and tokens differ each time; only which is the same as which must not. */
function withoutChance(seen: unknown[], way: string): unknown[] {
  const ids = new Map<string, string>();
  const named = (id: string) => ids.get(id) ?? ids.set(id, `id ${ids.size + 1}`).get(id) ?? id;
  const text = JSON.stringify(seen)
    .replaceAll(`_${way}`, "")
    .replace(/"(accessToken|refreshToken|code)":"[^"]+"/g, '"$1":"…"')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, named)
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "a moment");
  return JSON.parse(text);
}
