import type { Database } from "@pitwall/db/database";
import { createAccessTokens } from "@pitwall/services/auth/access-tokens";
import { createPasswords } from "@pitwall/services/auth/passwords";
import { openSession } from "@pitwall/services/auth/sessions";
import { sql } from "drizzle-orm";
import type { SavingTeam } from "./load/script.ts";
import { JWT_SECRET } from "./served.ts";

/** So many that none of them calls too often, and the server remembers them all. */
const MOST = 8_000;
const AT_ONCE = 10;
const TOKENS_LAST = 20 * 60_000;

export const PASSWORD = "Slipstream44";

interface Player {
  readonly userId: string;
  readonly username: string;
  readonly teamId: string;
}

/** People who are signed in. Their sessions are opened by the service that opens any other, without the cost of a password. */
export interface Players {
  readonly all: readonly Player[];
  /** The names of so many, each time of others while there are any. */
  names(wanted: number): string[];
  /** Of all of them, in their order. */
  tokens(): Promise<readonly string[]>;
  /** As many new sessions, each of somebody else while there are enough. */
  refreshTokens(sessions: number): Promise<string[]>;
  /** Their teams in the versions that they have now. */
  teams(): Promise<SavingTeam[]>;
}

export async function gatherPlayers({ db }: Database, season: number): Promise<Players> {
  const { rows: all } = await db.execute<Player & Record<string, unknown>>(sql`
    select owner.id as "userId", owner.username, team.id as "teamId"
    from teams team join users owner on owner.id = team.owner_id where team.season = ${season} order by hashtext(team.id::text), team.id limit ${MOST}`);
  const hash = await createPasswords().hash(PASSWORD);
  const ids = `{${all.map(({ userId }) => userId).join()}}`;
  await db.execute(sql`update users set password_hash = ${hash} where id = any(${ids}::uuid[])`);
  const accessTokens = createAccessTokens({ jwtSecret: JWT_SECRET, issuer: "pitwall", audience: "pitwall" });
  const sessions = await eachOf(all, ({ userId }) => opened(userId));
  let signed: { readonly at: number; readonly tokens: readonly string[] } | undefined;

  function opened(userId: string) {
    return openSession(db, userId, { kind: "guest", address: "127.0.0.1", device: "bench" });
  }

  async function tokens(): Promise<readonly string[]> {
    if (signed && performance.now() - signed.at < TOKENS_LAST) return signed.tokens;
    const sign = ({ userId }: Player, nth: number) =>
      accessTokens.sign({ userId, sessionId: sessions[nth]?.sessionId ?? "" });
    signed = { at: performance.now(), tokens: await eachOf(all, sign) };
    return signed.tokens;
  }

  let named = 0;
  return {
    all,
    names(wanted) {
      const from = named;
      named += wanted;
      return Array.from({ length: wanted }, (_, nth) => all[(from + nth) % all.length]?.username ?? "");
    },
    tokens,
    async refreshTokens(wanted) {
      const whose = Array.from({ length: wanted }, (_, nth) => all[nth % all.length]?.userId ?? "");
      const open = await eachOf(whose, opened);
      return open.map(({ refreshToken }) => refreshToken);
    },
    async teams() {
      const own = await tokens();
      const { rows } = await db.execute<{ id: string; version: number }>(
        sql`select id, version from teams where owner_id = any(${ids}::uuid[]) and season = ${season}`,
      );
      const versions = new Map(rows.map(({ id, version }) => [id, version]));
      return all.map(({ teamId: id }, nth) => ({ id, token: own[nth] ?? "", version: versions.get(id) ?? 0 }));
    },
  };
}

/** In their order, a few at a time. */
async function eachOf<In, Out>(all: readonly In[], work: (one: In, nth: number) => Promise<Out>): Promise<Out[]> {
  const done: Out[] = [];
  let next = 0;
  const line = async () => {
    for (let nth = next++; nth < all.length; nth = next++) {
      const one = all[nth];
      if (one !== undefined) done[nth] = await work(one, nth);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, line));
  return done;
}
