import { type Db, isTransaction } from "@pitwall/db/database";
import { sessions, users } from "@pitwall/db/schema";
import { and, eq, ne, type Placeholder, type SQL, sql } from "drizzle-orm";
import type { Actor } from "../context.ts";
import { endSessions } from "../internal/end-sessions.ts";
import { inOneGo } from "../internal/in-one-go.ts";
import { type Places, prepared } from "../internal/prepared.ts";
import { type OwnProfile, ownProfile } from "../internal/profiles.ts";
import { sessionIdOf } from "../internal/speaker.ts";
import { freshToken, IDLE, isLive, MOST, type OpenSession, openSession, whereabouts } from "./sessions.ts";

export interface RotatedSession extends OpenSession {
  readonly user: OwnProfile;
}

/**
 * Spends the refresh token of this digest and gives out the next of its session, in one statement: of two at once the row
 * lets one through. Null if the token is spent, unknown or over, or its user is no longer active. Lucia knows neither
 * families nor an absolute end, so this and the ending of sessions are our own.
 */
export async function rotateSession(db: Db, digest: string, actor: Actor): Promise<RotatedSession | null> {
  const { refreshToken, digest: nextDigest } = freshToken();
  const turn = { digest, nextDigest, ...whereabouts(actor) };
  const rotated = (isTransaction(db) ? null : await together(db, turn)) ?? (await rotation(db, turn))[0];
  return rotated ? { sessionId: rotated.sessionId, user: rotated.user, refreshToken } : null;
}

/** Each column of many turns. */
type Turns = { digests: string[]; nextDigests: string[]; devices: Turn["device"][]; addresses: Turn["address"][] };

type Turn = { digest: string; nextDigest: string; device: string | null; address: string | null };

/**
 * Those of many at once in whose way nobody is; null for the others, who come one by one then, and for the second of two who
 * bear the same token.
 */
const together = inOneGo(async (db, turns: readonly Turn[]) => {
  const column = <Name extends keyof Turn>(name: Name) => turns.map((turn) => turn[name]);
  const rotated = await freeRotations(db, {
    digests: column("digest"),
    nextDigests: column("nextDigest"),
    devices: column("device"),
    addresses: column("address"),
  });
  const byToken = new Map(rotated.map((one) => [one.nextDigest, one]));
  return turns.map(({ nextDigest }) => byToken.get(nextDigest) ?? null);
});

const freeRotations = prepared(
  "rotate_free_sessions",
  (db, { digests, nextDigests, devices, addresses }: Places<Turns>) =>
    rotating(
      db,
      sql`
      select ${sessions.id}, turn.next_digest, turn.device, turn.address from (
        select distinct on (digest) * from unnest(${digests}::text[], ${nextDigests}::text[], ${devices}::text[], ${addresses}::text[])
          as one (digest, next_digest, device, address)
      ) turn join ${sessions} on ${sessions.id} = turn.digest and ${isLive} join ${users} on ${isOfActive}
      for no key update of ${sessions} skip locked for key share of ${users} skip locked`,
    ),
);

const rotation = prepared("rotate_session", (db, at: Places<Turn>) =>
  rotating(
    db,
    rowOf(sql`${sessions.id} = ${at.digest}`, at.nextDigest, {
      device: sql`${at.device}`,
      address: sql`${at.address}`,
    }),
  ),
);

const isOfActive = sql`${users.id} = ${sessions.userId} and ${users.isActive}`;

/** The one row that can still be used, with the next token of its session. */
function rowOf(
  which: SQL,
  nextDigest: string | Placeholder,
  { device, address }: { readonly device: SQL; readonly address: SQL },
): SQL {
  return sql`
    select ${sessions.id}, ${nextDigest}::text as next_digest, ${device}::text as device, ${address}::text as address
    from ${sessions} join ${users} on ${isOfActive} where ${which} and ${isLive} for no key update of ${sessions}`;
}

function rotating(db: Db, rows: SQL) {
  const held = db.$with("held", {}).as(rows);
  const spent = db.$with("spent", {}).as(sql`
    update sessions set spent_at = clock_timestamp() from held where sessions.id = held.id
    returning user_id, family, started_at, next_digest, held.device, held.address`);
  const opened = db.$with("opened", {}).as(sql`
    insert into sessions (id, user_id, expires_at, family, started_at, device, address)
    select next_digest, user_id, least(clock_timestamp() + ${IDLE}, started_at + ${MOST}), family, started_at, device, address
    from spent`);
  return db
    .with(held, spent, opened)
    .select({
      nextDigest: sql<string>`next_digest`,
      sessionId: sql<string>`family`,
      user: ownProfile,
    })
    .from(sql`spent`)
    .innerJoin(users, sql`${users.id} = user_id`);
}

/**
 * Ends all sessions of a user but the speaker's own, which goes on with a new refresh token; null if it is over. Who speaks
 * without a session gets one.
 */
export async function keepOneSession(db: Db, userId: string, actor: Actor): Promise<OpenSession | null> {
  const own = sessionIdOf(actor);
  await endSessions(db, and(eq(sessions.userId, userId), own === null ? undefined : ne(sessions.family, own)));
  if (own === null) return openSession(db, userId, actor);
  // A refresh under way may have spent the token that the first statement saw; the second sees the next one.
  return (await goOn(db, own)) ?? (await goOn(db, own));
}

/** Where it was. */
async function goOn(db: Db, family: string): Promise<OpenSession | null> {
  const { refreshToken, digest: nextDigest } = freshToken();
  const stays = { device: sql`${sessions.device}`, address: sql`${sessions.address}` };
  const [rotated] = await rotating(db, rowOf(sql`${sessions.family} = ${family}`, nextDigest, stays));
  return rotated ? { sessionId: rotated.sessionId, refreshToken } : null;
}
