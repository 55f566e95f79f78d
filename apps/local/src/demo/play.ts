import { setTimeout as wait } from "node:timers/promises";
import { createPitwall, type Pitwall } from "@pitwall/client";
import { seasonFacts } from "@pitwall/db/facts";
import { migrate } from "@pitwall/db/migrate";
import { HOUR, SECOND } from "@pitwall/domain/durations";
import { paced, SCHEDULE } from "@pitwall/domain/schedule";
import { unlimited } from "@pitwall/jobs/feed/budget";
import { openClient } from "@pitwall/jobs/feed/client";
import { jolpica } from "@pitwall/jobs/feed/jolpica";
import type { ReplayedRace } from "@pitwall/jobs/feed/replay";
import { startReplayServer } from "@pitwall/jobs/feed/replay-server";
import { readEnv } from "@pitwall/server/env";
import type { AccountContext } from "@pitwall/services/context";
import { jsonLog } from "@pitwall/services/log";
import { missingMailer } from "@pitwall/services/mail";
import { seedSeason } from "@pitwall/services/seasons/seed";
import { EMBEDDED } from "../env.ts";
import { openHouse } from "../house.ts";
import { countTold, standingsNow, tellLasVegas } from "./las-vegas.ts";
import { type Changes, changeLineups, enterPlayers, type Player } from "./players.ts";
import { chart, progress, say, table } from "./screen.ts";
import { HOUR_LASTS, weekendsFrom } from "./weekends.ts";

const SEASON = 2025;
const LAS_VEGAS = "las-vegas-grand-prix";

export interface DemoOptions {
  readonly databaseUrl: string;
  readonly players: number;
  readonly jwtSecret: string;
  readonly signal: AbortSignal;
}

/** Plays the real season through the real stack: HTTP, queue, source and all, only in fast motion. */
export async function play({ databaseUrl, players: many, jwtSecret, signal }: DemoOptions): Promise<void> {
  const facts = seasonFacts(SEASON);
  // The feed reads the calendar at each question, so it may be set once everybody has entered.
  const calendar = new Map<string, ReplayedRace>();
  const feed = await startReplayServer({ facts, calendar });
  const client = openClient({ baseUrl: feed.url, userAgent: "pitwall/0.1 (demo)", budget: unlimited, pauses: [] });
  await migrate({ url: databaseUrl });
  const env = readEnv({ ...EMBEDDED, JWT_SECRET: jwtSecret }, {});
  const log = jsonLog({ level: "error" });
  const house = await openHouse({
    env: { ...env, port: 0 },
    databaseUrl,
    log,
    mailer: missingMailer(log),
    schedule: paced(SCHEDULE, HOUR_LASTS),
    sources: () => ({ source: jolpica(client), seasons: null }),
    concurrency: 2,
    limits: null,
    tickEvery: 2 * HOUR_LASTS,
    prepare: (ctx) => seedSeason(ctx, weekendsFrom(facts, new Date(Date.now() + HOUR)).facts),
  });
  try {
    say(`Pitwall plays ${SEASON} in fast motion at ${house.url}: in a weekend an hour lasts ${HOUR_LASTS} ms.\n`);
    const entering = progress("Players ", many);
    let entered = 0;
    const players = await enterPlayers(house.url, SEASON, many, () => entering.step(++entered, "enter a team"));
    entering.end();
    await foundLeague(players);
    await runSeason({ players, house, facts, calendar, feed, signal });
  } finally {
    await house.close();
    await feed.close();
  }
}

async function foundLeague(players: readonly Player[]): Promise<void> {
  const [founder, ...others] = players;
  if (!founder) return;
  const league = await founder.client.leagues.create.mutate({
    season: SEASON,
    name: "Paddock Club",
    isPrivate: true,
    seats: 20,
    teamId: founder.teamId,
  });
  const code = league.code ?? "";
  for (const friend of others.slice(0, 19))
    await friend.client.leagues.joinByCode.mutate({ code, teamId: friend.teamId });
  say(`${founder.username} founded the league "${league.name}"; 19 friends joined by its code.`);
}

interface Run {
  readonly players: readonly Player[];
  readonly house: { readonly url: string; readonly ctx: AccountContext };
  readonly facts: ReturnType<typeof seasonFacts>;
  readonly calendar: Map<string, ReplayedRace>;
  readonly feed: Awaited<ReturnType<typeof startReplayServer>>;
  readonly signal: AbortSignal;
}

async function runSeason({ players, house, facts, calendar, feed, signal }: Run): Promise<void> {
  const season = weekendsFrom(facts, new Date(Date.now() + SECOND));
  for (const [slug, race] of season.calendar) calendar.set(slug, race);
  await seedSeason(house.ctx, season.facts);
  // Two bad weekends of the source, as it has them: an outage on a race Sunday, and a page instead of an answer.
  feed.serve({
    path: "/2025/4/",
    status: 504,
    headers: { "content-type": "text/html" },
    body: "<h1>504 Gateway Time-out</h1>",
    times: 4,
  });
  feed.serve({
    path: "/2025/9/",
    status: 200,
    headers: { "content-type": "text/html" },
    body: "<!doctype html><title>Jolpica</title>",
    times: 3,
  });

  const guest = createPitwall({ url: house.url });
  const racing = progress("Season  ", season.facts.races.length);
  const changes: Changes = { saved: 0, late: 0 };
  let before: Awaited<ReturnType<typeof standingsNow>> = [];
  for (const [index, race] of season.facts.races.entries()) {
    signal.throwIfAborted();
    racing.step(index, race.name);
    await revision(guest, race.slug, 1, signal);
    if (race.slug === LAS_VEGAS) before = await standingsNow(guest);
    const { items: market } = await guest.drivers.list.query({ season: SEASON, status: "entered" });
    await changeLineups(players, index + 1, market, changes);
  }
  racing.step(season.facts.races.length, "chequered flag");
  racing.end();
  await revision(guest, LAS_VEGAS, 2, signal);
  const after = await standingsNow(guest);
  await tellLasVegas(guest, players, before, after);
  await tellSeason(guest, players, changes, feed.requests.length);
}

/** Waits until a race has a revision of its result; the clock of the demo makes that a matter of a moment. */
async function revision(client: Pitwall, slug: string, n: number, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + 20 * SECOND;
  while (Date.now() < deadline) {
    const race = await client.races.bySlug.query({ season: SEASON, slug });
    if ((race.result.revision ?? 0) >= n) return;
    await wait(HOUR_LASTS, undefined, { signal });
  }
  throw new Error(`${slug} has no revision ${n}: the demo stands still`);
}

async function tellSeason(guest: Pitwall, players: readonly Player[], changes: Changes, asked: number): Promise<void> {
  const final = await guest.standings.global.query({ season: SEASON, limit: 10 });
  say("\nThe end of the season\n");
  table(
    ["rank", "team", "player", "plays by", "points"],
    final.items.map((row) => [
      row.rank,
      row.teamName,
      row.username,
      players.find((one) => one.teamId === row.teamId)?.strategy.name ?? "",
      row.total.toFixed(1),
    ]),
  );
  const [first, second, third] = final.items;
  const lines = await Promise.all(
    [first, second, third].flatMap((row) => (row ? [guest.scores.byTeam.query({ id: row.teamId })] : [])),
  );
  say(
    "\nHow far the second (yellow) and the third (red) were from the later winner (green), race by race, in points\n",
  );
  const winner = lines[0]?.items ?? [];
  chart(lines.map((team) => team.items.map((race, index) => race.total - (winner[index]?.total ?? 0))));
  const told = await countTold(players);
  say(
    `\n${players.length} players saved ${changes.saved} changes of line-up; ${changes.late} more came after a lock and were refused.`,
  );
  say(`The source was asked ${asked} times, among them an outage and a page that was no answer.`);
  say(`${told.players} players were told what Las Vegas' correction did to them, ${told.twice} of them twice.`);
}
