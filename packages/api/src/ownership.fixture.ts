import { randomUUID } from "node:crypto";
import { type Db, withTx } from "@pitwall/db/database";
import { leagueBans, leagueMembers, leagues, notifications, sessions } from "@pitwall/db/schema";
import { DAY } from "@pitwall/domain/durations";
import { contextAs } from "@pitwall/services/context.fixture";
import { aRace, aTeam, aUser, type BuiltTeam, type BuiltUser } from "@pitwall/testing/builders";
import { callTRPCProcedure } from "@trpc/server";
import { type ApiContext, contextOf } from "./context.ts";
import { PublicError, type PublicFault } from "./errors.ts";
import { aScoredRace, callerOf } from "./play.fixture.ts";
import { appRouter } from "./router.ts";
import { proceduresOf } from "./routes.ts";

const PEOPLE = ["owner", "founder", "manager", "member", "outsider", "admin"] as const;
export const EVERYBODY = ["guest", ...PEOPLE] as const;

export type Person = (typeof PEOPLE)[number];
export type Who = (typeof EVERYBODY)[number];

export interface League {
  readonly id: string;
  readonly code: string;
}

/**
 * A season with one race that is scored and one that is open. The owner has what others reach for: a team with a line-up for
 * both races, a session, a notification, and seats in two leagues of the founder, the private club and the public fair.
 * Nobody there knows the outsider, who has the same for themselves, and a private league elsewhere.
 */
export interface World {
  readonly db: Db;
  readonly season: number;
  readonly scored: string;
  readonly open: string;
  readonly driverIds: string[];
  readonly captainId: string;
  /** In the owner's line-up for the open race, and in no other. */
  readonly secretDriver: string;
  readonly people: Readonly<Record<Person, BuiltUser>>;
  readonly banned: BuiltUser;
  readonly teams: Readonly<Record<Person, BuiltTeam>>;
  readonly club: League;
  readonly fair: League;
  readonly elsewhere: League;
  readonly session: Readonly<Record<"owner" | "outsider", string>>;
  readonly note: Readonly<Record<"owner" | "outsider", string>>;
}

let serial = 0;

export async function aWorld(db: Db): Promise<World> {
  const scored = await aScoredRace(db);
  const { season, drivers } = scored;
  const open = await aRace(db, { season, lockIn: DAY, drivers });
  const banned = await aUser(db);
  const people = await forEach(PEOPLE, async (who) =>
    who === "owner" ? scored.owner : aUser(db, { role: who === "admin" ? "admin" : "user" }),
  );
  const teams = await forEach(PEOPLE, async (who) =>
    who === "owner" ? scored.team : aTeam(db, { owner: people[who], season }),
  );
  const at = (place: number) => drivers[place]?.id ?? "";
  const secretDriver = at(18);
  await callerOf(db, people.owner).teams.setLineup({
    id: teams.owner.id,
    version: 1,
    driverIds: [at(1), at(3), at(5), at(7), secretDriver],
    captainId: secretDriver,
  });
  const seats = [teams.owner, teams.manager, teams.member];
  const club = await aLeague(db, teams.founder, { isPrivate: true, seats });
  const fair = await aLeague(db, teams.founder, { isPrivate: false, seats });
  for (const league of [club, fair]) {
    await db.insert(leagueBans).values({ leagueId: league.id, userId: banned.id, bannedBy: people.founder.id });
    await callerOf(db, people.founder).leagues.setRole({ id: league.id, userId: people.manager.id, role: "manager" });
  }
  return {
    ...{ db, season, scored: scored.race.slug, open: open.slug, people, banned, teams, club, fair, secretDriver },
    driverIds: [0, 2, 4, 6, 8].map(at),
    captainId: at(0),
    elsewhere: await aLeague(db, teams.outsider, { isPrivate: true, seats: [] }),
    session: await forEach(["owner", "outsider"], (who) => aSession(db, people[who])),
    note: await forEach(["owner", "outsider"], (who) => aNote(db, people[who])),
  };
}

async function forEach<Key extends string, Made>(
  keys: readonly Key[],
  make: (key: Key) => Promise<Made>,
): Promise<Record<Key, Made>> {
  const made = await Promise.all(keys.map(async (key) => [key, await make(key)] as const));
  return Object.fromEntries(made) as Record<Key, Made>;
}

async function aLeague(
  db: Db,
  founding: BuiltTeam,
  { isPrivate, seats }: { readonly isPrivate: boolean; readonly seats: readonly BuiltTeam[] },
): Promise<League> {
  serial += 1;
  const { season, ownerId } = founding;
  const code = `CQDE${String(serial).padStart(6, "A")}`;
  const [league] = await db
    .insert(leagues)
    .values({ season, ownerId, name: `League ${serial}`, isPrivate, code })
    .returning({ id: leagues.id, code: leagues.code });
  if (!league) throw new Error("a league did not come back");
  for (const team of [founding, ...seats])
    await db.insert(leagueMembers).values({ leagueId: league.id, userId: team.ownerId, teamId: team.id, season });
  return league;
}

async function aSession(db: Db, user: BuiltUser): Promise<string> {
  const family = randomUUID();
  const expiresAt = new Date(Date.now() + DAY);
  await db.insert(sessions).values({ id: family, userId: user.id, family, expiresAt, startedAt: new Date() });
  return family;
}

async function aNote(db: Db, user: BuiltUser): Promise<string> {
  const values = { userId: user.id, type: "system" as const, title: titleFor(user), body: "Just a word.", data: {} };
  const [note] = await db.insert(notifications).values(values).returning({ id: notifications.id });
  return note?.id ?? "";
}

function titleFor({ username }: BuiltUser): string {
  return `For the eyes of ${username.toUpperCase()}`;
}

function speaking({ db, people }: World, who: Who): ApiContext {
  if (who === "guest") return contextOf(contextAs(db, { kind: "guest", address: "192.0.2.7", device: null }));
  const { id: userId, role: kind, username } = people[who];
  return contextOf(contextAs(db, { kind, userId, username, sessionId: null }));
}

export type Outcome = { readonly answer: unknown } | { readonly fault: PublicFault };

/** Asks as any door does. What breaks breaks the test. */
export async function ask(world: World, who: Who, path: string, input: unknown): Promise<Outcome> {
  const type = proceduresOf(appRouter)[path]?._def.type ?? "query";
  const ctx = speaking(world, who);
  const getRawInput = async () => input;
  const call = { router: appRouter, path, type, getRawInput, ctx, signal: undefined, batchIndex: 0 };
  try {
    return { answer: await callTRPCProcedure(call) };
  } catch (error) {
    if (!(error instanceof PublicError) || error.fault.status >= 500) throw error;
    return { fault: error.fault };
  }
}

/** What may not be said to this person, by what it is. Admins see addresses, where they ask for accounts. */
export function secretsFrom(world: World, who: Who): Record<string, string[]> {
  const { people, banned, club, fair, elsewhere } = world;
  const others = Object.entries(people).filter(([name]) => name !== who);
  const isInside = who !== "guest" && who !== "outsider" && who !== "admin";
  const inboxes = who === "owner" || who === "outsider" ? [] : [people.owner, people.outsider];
  return {
    address: [...others.map(([, user]) => user), banned].map(({ email }) => email),
    digest: ["passwordHash", "password_hash"],
    code: [...(isInside ? [] : [club, fair]), ...(who === "outsider" ? [] : [elsewhere])].map(({ code }) => code),
    lineup: who === "owner" ? [] : [world.secretDriver],
    inbox: inboxes.map(titleFor),
  };
}

/** Of every table: how many rows, and what is in them. Helpers and a compiler would take ten times as long to start. */
export async function contentsOf(db: Db): Promise<Record<string, string>> {
  return withTx(db, async (tx) => {
    await tx.execute("set local jit = off; set local max_parallel_workers_per_gather = 0");
    const { rows: tables } = await tx.execute<{ name: string }>(
      `select format('%I.%I', nspname, relname) as name from pg_class join pg_namespace on pg_namespace.oid = relnamespace
        where relkind = 'r' and nspname in ('public', 'graphile_worker')`,
    );
    const each = tables.map(
      ({ name }) =>
        `select '${name}' as name, count(*) || ' ' || md5(coalesce(string_agg(t::text, e'\\n' order by t::text), '')) as held from ${name} t`,
    );
    const { rows } = await tx.execute<{ name: string; held: string }>(each.join(" union all "));
    return Object.fromEntries(rows.map(({ name, held }) => [name, held]));
  });
}

/** The same world, in which nothing that is done there has happened afterwards. */
export async function dreaming<T>(world: World, work: (dream: World) => Promise<T>): Promise<T> {
  let dreamt: { readonly outcome: T } | undefined;
  const waking = new Error("nothing of it has happened");
  await withTx(world.db, async (db) => {
    dreamt = { outcome: await work({ ...world, db }) };
    throw waking;
  }).catch((error: unknown) => {
    if (error !== waking) throw error;
  });
  if (!dreamt) throw waking;
  return dreamt.outcome;
}
