import { randomUUID } from "node:crypto";
import { RATE_LIMITS, type RateLimits } from "@pitwall/api";
import type { Operation } from "@pitwall/api/openapi.fixture";
import { aWorld } from "@pitwall/api/ownership.fixture";
import { type Db, withTx } from "@pitwall/db/database";
import { jobRuns, races, sessions } from "@pitwall/db/schema";
import { DAY } from "@pitwall/domain/durations";
import { openLink } from "@pitwall/services/auth/links";
import { asClock } from "@pitwall/services/context.fixture";
import { receiveAnswer } from "@pitwall/services/results/receive";
import { aRace, aSeason, aUser } from "@pitwall/testing/builders";
import type { parts } from "./app.fixture.ts";
import type { Speaker, Told } from "./contract-calls.fixture.ts";

/** Nobody is slowed down, and everybody is told where they stand. */
export const WIDE: RateLimits = mapped(RATE_LIMITS, (limit) => ({ ...limit, most: 1_000_000 }));

/** The world of ownership, with an answer that was held back and a job that failed. */
export async function aPlayedGame(db: Db): Promise<Omit<Told, "answers">> {
  const world = await aWorld(db);
  const race = (await db.select().from(races)).find(({ slug }) => slug === world.scored);
  if (!race) throw new Error("the race is gone");
  const half = { kind: "classification", classification: { race: [] }, body: "half of it" } as const;
  await receiveAnswer(asClock(db, new Date(Date.now() + 2 * DAY)), { raceId: race.id, source: "test", answer: half });
  const failed = { task: "lock-races", payload: {}, attempt: 1, worker: randomUUID(), outcome: "failed" } as const;
  const [run] = await db
    .insert(jobRuns)
    .values({ ...failed, endedAt: new Date() })
    .returning({ id: jobRuns.id });
  const driven = await aRace(db, { season: await aSeason(db), lockIn: -2 * DAY });
  return {
    world,
    fresh: await aSeason(db),
    driven: { season: driven.season, slug: driven.slug },
    failedRun: run?.id ?? "",
    link: (purpose) => withTx(db, (tx) => openLink(tx, { ...linked(world.banned), purpose })),
  };
}

function linked({ id: userId, email }: Told["world"]["banned"]) {
  return { userId, email };
}

type Services = ReturnType<typeof parts>["services"];

/** A token of everybody who is known already. Who registers on the way brings their own. */
export async function tokensFor(services: Services, { people }: Told["world"]): Promise<Map<Speaker, string>> {
  const { db, auth } = services;
  const known = { ...people, newcomer: await aUser(db), leaving: await aUser(db) };
  const tokens = new Map<Speaker, string>([["stranger", "nobody.knows.it"]]);
  for (const who of ["owner", "founder", "manager", "member", "outsider", "admin", "newcomer", "leaving"] as const) {
    const [id, userId] = [randomUUID(), known[who].id];
    const expiresAt = new Date(Date.now() + DAY);
    await db.insert(sessions).values({ id, userId, family: id, expiresAt, startedAt: new Date() });
    tokens.set(who, await auth.accessTokens.sign({ userId, sessionId: id }));
  }
  return tokens;
}

/** An input as the document says that it travels: in the path, in the query, or else in the body. */
export function requestOf({ method, path, parameters }: Operation, input: Readonly<Record<string, unknown>>) {
  const inAddress = new Map(parameters.map((parameter) => [parameter.name, parameter.in]));
  const query = new URLSearchParams();
  const body: Record<string, unknown> = {};
  let address = path;
  for (const [name, value] of Object.entries(input)) {
    const place = inAddress.get(name);
    if (place === "path") address = address.replace(`{${name}}`, encodeURIComponent(String(value)));
    else if (place === "query" || method === "GET") query.append(name, String(value));
    else body[name] = value;
  }
  const hasBody = Object.keys(body).length > 0;
  return { method, address: query.size > 0 ? `${address}?${query}` : address, body: hasBody ? body : undefined };
}

function mapped<Key extends string, From, To>(from: Readonly<Record<Key, From>>, to: (value: From) => To) {
  return Object.fromEntries(Object.entries<From>(from).map(([key, value]) => [key, to(value)])) as Record<Key, To>;
}
