import { appRouter } from "@pitwall/api";
import { routesOf } from "@pitwall/api/routes";
import { withTx } from "@pitwall/db/database";
import { DAY, HOUR } from "@pitwall/domain/durations";
import { standard } from "@pitwall/domain/rulesets";
import { openLink } from "@pitwall/services/auth/links";
import { asClock } from "@pitwall/services/context.fixture";
import { lockDueRaces } from "@pitwall/services/races";
import { receiveAnswer } from "@pitwall/services/results/receive";
import { aRace, aSeason, type BuiltDriver, type BuiltRace, lockNow, someDrivers } from "@pitwall/testing/builders";
import type { Served } from "../served.ts";
import { held } from "./facts.ts";
import type { Answer, Ask, Game, Input } from "./game.ts";

/** The real game: servers that are asked, and what the clock and the source do. */
export interface Stage {
  readonly game: Game;
  ask(ask: Ask, server: number): Promise<Answer>;
  /** Locks the next race by the database's clock. */
  lock(): Promise<void>;
  /** The result of the race that locked last. */
  result(): Promise<void>;
  /** What a mail would bring. */
  link(user: string, username: string): Promise<string>;
  /** What the tables hold. */
  facts(): Promise<string[]>;
}

const PRICES = [300, 200, 101, 300, 100, 250, 100, 200, 80, 150, 60];
const CONSTRUCTORS = [0, 0, 0, 3, 3, 5, 5, 7, 7, 9, 9];
const RACES = 3;

const routes = new Map(routesOf(appRouter).map((route) => [route.name, route]));

/** A season of its own, in which nobody plays yet. */
export async function aStage({ services: { db }, urls }: Served): Promise<Stage> {
  const [season, idle] = [await aSeason(db), await aSeason(db)];
  const made = await someDrivers(db, season, PRICES);
  const drivers: BuiltDriver[] = made.map((driver, at) => ({
    ...driver,
    constructorId: made[CONSTRUCTORS[at] ?? 0]?.constructorId ?? "",
  }));
  const races: BuiltRace[] = [];
  for (let round = 1; round <= RACES; round += 1)
    races.push(await aRace(db, { season, lockIn: round * 30 * DAY, drivers, round }));
  const game: Game = {
    ...{ season, idle, races: races.map(({ slug }) => slug), locked: 0 },
    market: new Map(drivers.map(({ id, price, constructorId: constructor }) => [id, { price, constructor }])),
    ...{
      users: new Map(),
      sessions: new Map(),
      bearers: new Map(),
      spent: new Map(),
      hasty: new Set(),
      links: new Map(),
    },
    ...{ teams: new Map(), leagues: new Map(), kept: new Map() },
  };
  let lockedRaces: BuiltRace[] = [];
  return {
    game,
    facts: () => held(db, game),
    ask: (ask, server) => (ask.door === "rest" ? overRest : overTrpc)(urls[server % urls.length] ?? "", ask),
    async lock() {
      const next = races[lockedRaces.length];
      if (!next) return;
      lockedRaces = [...lockedRaces, await lockNow(db, next)];
      await lockDueRaces(asClock(db, new Date()));
    },
    async result() {
      const race = lockedRaces.at(-1);
      if (!race) return;
      const clock = asClock(db, new Date(race.flagDueAt.getTime() + HOUR));
      const classification = { race: drivers.map(classified) };
      const answer = { kind: "classification" as const, classification, body: "as the source said it" };
      await receiveAnswer(clock, { raceId: race.id, source: "proof", answer });
    },
    link: (userId, username) =>
      withTx(db, (tx) => openLink(tx, { userId, purpose: "reset_password", email: `${username}@example.org` })),
  };
}

function classified({ id: driverId, constructorId, number }: BuiltDriver, at: number) {
  const place = { position: at + 1, grid: at + 1, points: standard.racePoints[at] ?? 0 };
  return { driverId, constructorId, number, ...place, finish: "classified" as const, laps: 57, fastestLap: at === 0 };
}

async function overRest(url: string, { procedure, token, input, ifMatch, key }: Ask): Promise<Answer> {
  const route = routes.get(procedure);
  if (!route) throw new Error(`REST knows no ${procedure}`);
  const rest = new Map(Object.entries(input).filter(([, value]) => value !== undefined));
  const words = route.segments.map((segment) => {
    const field = segment.startsWith("{") ? segment.slice(1, -1) : null;
    const word = field === null ? segment : String(rest.get(field));
    if (field !== null) rest.delete(field);
    return encodeURIComponent(word);
  });
  const isReading = route.method === "GET";
  const query = isReading
    ? `?${new URLSearchParams(Object.fromEntries([...rest].map(([name, value]) => [name, String(value)])))}`
    : "";
  const answer = await fetch(`${url}/api/v1/${words.join("/")}${query}`, {
    method: route.method,
    headers: {
      ...headersOf(token, key),
      ...(ifMatch !== null && { "if-match": `"${ifMatch}"` }),
      ...(!isReading && { "content-type": "application/json" }),
    },
    ...(!isReading && { body: JSON.stringify(Object.fromEntries(rest)) }),
  });
  const body: Input = JSON.parse(await answer.text());
  return { ...whole(answer), reason: answer.ok ? null : body.code, body: answer.ok ? body : {} };
}

async function overTrpc(url: string, { procedure, token, input, key }: Ask): Promise<Answer> {
  const isReading = routes.get(procedure)?.type === "query";
  const text = JSON.stringify({ json: input });
  const answer = await fetch(`${url}/trpc/${procedure}${isReading ? `?input=${encodeURIComponent(text)}` : ""}`, {
    method: isReading ? "GET" : "POST",
    headers: { ...headersOf(token, key), "content-type": "application/json" },
    ...(!isReading && { body: text }),
  });
  const said: Input = JSON.parse(await answer.text());
  if (!answer.ok) return { ...whole(answer), reason: said.error.json.data.reason, body: {} };
  // It has no word for what is new.
  const status = routes.get(procedure)?.creates ? 201 : 200;
  return { ...whole(answer), status, reason: null, body: said.result.data.json };
}

const whole = ({ status, headers }: Response) => ({
  status,
  isReplayed: headers.get("idempotency-replayed") === "true",
});

function headersOf(token: string | null, key: string | null): Record<string, string> {
  return {
    ...(token !== null && { authorization: `Bearer ${token}` }),
    ...(key !== null && { "idempotency-key": key }),
  };
}
