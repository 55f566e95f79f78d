import type { Database } from "@pitwall/db/database";
import { createPasswords } from "@pitwall/services/auth/passwords";
import { sql } from "drizzle-orm";
import { atFullSpeed, type Measure, measureOf } from "./measures.ts";
import { type Answer, type Served, serve } from "./served.ts";

const PLAYERS = 200;
const PASSWORD = "Slipstream44";
const CALLS = { calls: 4_000, atOnce: 16 };

export interface AccountFigures {
  readonly measures: readonly Measure[];
  readonly rush: Rush;
}

/** What people do to the server who sign in, stay in and ask; over HTTP, and at the real cost of a password. */
export async function accounts(database: Database, url: string, season: number): Promise<AccountFigures> {
  await givePasswords(database);
  const served = await serve(url);
  try {
    const tokens: Tokens[] = [];
    const signIn = await atFullSpeed("sign in", { calls: PLAYERS, atOnce: 4 }, async (player) => {
      tokens[player] = JSON.parse(expected(await signInAs(served, player)).text);
    });
    const refresh = await refreshing(served, tokens.slice(0, 8));
    const asking = await authenticating(database, served, tokens.slice(8));
    const rush = await rushing(served, tokens.slice(8), season);
    return { measures: [signIn, refresh, ...asking, ...rush.measures], rush };
  } finally {
    await served.stop();
  }
}

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

async function givePasswords({ db }: Database): Promise<void> {
  const hash = await createPasswords().hash(PASSWORD);
  await db.execute(sql`
    update users set password_hash = ${hash}, tier = 'premium'
    where username in (select 'player_' || n from generate_series(1, ${PLAYERS}::int) n)`);
}

function signInAs(served: Served, player: number): Promise<Answer> {
  const login = `player_${player + 1}`;
  const from = `192.0.2.${player}`;
  return served.ask("POST /auth/login", { json: { login, password: PASSWORD }, from });
}

function expected(answer: Answer): Answer {
  if (answer.status !== 200) throw new Error(`an answer that nobody expected: ${answer.status} ${answer.text}`);
  return answer;
}

/** Each session on its own goes from token to token. */
async function refreshing(served: Served, sessions: readonly Tokens[]): Promise<Measure> {
  const newest = sessions.map(({ refreshToken }) => refreshToken);
  const free = newest.map((_, session) => session);
  return atFullSpeed("refresh", { calls: 2_000, atOnce: sessions.length }, async () => {
    const session = free.pop() ?? 0;
    const answer = await served.ask("POST /auth/refresh", { json: { refreshToken: newest[session] } });
    newest[session] = JSON.parse(expected(answer).text).refreshToken;
    free.push(session);
  });
}

async function authenticating({ pool }: Database, served: Served, sessions: readonly Tokens[]): Promise<Measure[]> {
  const bearer = (nth: number) => ({ token: sessions[nth % sessions.length]?.accessToken ?? "" });
  const asGuest = async (line: string) => expected(await served.ask(line));
  const signedIn = async (line: string, nth: number) => expected(await served.ask(line, bearer(nth)));
  // Whoever is measured first would pay for what the engine still has to compile.
  await atFullSpeed("warming up", CALLS, (nth) =>
    nth % 2 === 0 ? asGuest("GET /seasons") : signedIn("GET /auth/me", nth),
  );
  return [
    await atFullSpeed("limit: select 1 on a pool as the server's", CALLS, () => pool.query("select 1")),
    await atFullSpeed("GET /seasons as a guest", CALLS, () => asGuest("GET /seasons")),
    await atFullSpeed("GET /seasons with a token", CALLS, (nth) => signedIn("GET /seasons", nth)),
    await atFullSpeed("GET /auth/me", CALLS, (nth) => signedIn("GET /auth/me", nth)),
  ];
}

export interface Rush {
  readonly measures: readonly Measure[];
  readonly asked: number;
  readonly letIn: number;
  /** With 503 and Retry-After. */
  readonly sentAway: number;
  readonly longestUntilSentAway: number;
  /** MB, before and at most. */
  readonly memory: readonly [before: number, most: number] | null;
}

const RUSHES = 5;

/** Everybody signs in at once, five times, while others go on as before at a steady pace. */
async function rushing(served: Served, sessions: readonly Tokens[], season: number): Promise<Rush> {
  const lines = [`GET /races?season=${season}`, `GET /standings?season=${season}`, "GET /auth/me"];
  const quiet = await whileAsking(served, lines, sessions, () => pause(3_000));
  const before = await served.memory();
  const answers: Answer[] = [];
  let most = before ?? 0;
  const watching = setInterval(async () => {
    most = Math.max(most, (await served.memory()) ?? 0);
  }, 20);
  const busy = await whileAsking(served, lines, sessions, async () => {
    for (let rush = 0; rush < RUSHES; rush += 1) {
      answers.push(...(await Promise.all(Array.from({ length: PLAYERS }, (_, player) => signInAs(served, player)))));
    }
  });
  clearInterval(watching);
  const sentAway = answers.filter(({ status, retryAfter }) => status === 503 && retryAfter !== undefined);
  return {
    measures: lines.flatMap((line, at) => [
      measureOf(`${shown(line)} while nobody signs in`, quiet[at] ?? [], null),
      measureOf(`${shown(line)} while ${PLAYERS} sign in at once`, busy[at] ?? [], null),
    ]),
    asked: answers.length,
    letIn: answers.filter(({ status }) => status === 200).length,
    sentAway: sentAway.length,
    longestUntilSentAway: Math.max(0, ...sentAway.map(({ ms }) => ms)),
    memory: before === null ? null : [before, most],
  };
}

/** The times of each line, asked every ten milliseconds or as often as it is answered. */
async function whileAsking(
  served: Served,
  lines: readonly string[],
  sessions: readonly Tokens[],
  work: () => Promise<void>,
): Promise<number[][]> {
  let isOver = false;
  const asking = lines.map(async (line) => {
    const times: number[] = [];
    for (let nth = 0; !isOver; nth += 1) {
      const token = sessions[nth % sessions.length]?.accessToken ?? "";
      times.push(expected(await served.ask(line, { token })).ms);
      await pause(10);
    }
    return times;
  });
  // Together, so that whichever fails ends the measuring, and is not left to fail unheard.
  const worked = work().finally(() => {
    isOver = true;
  });
  const [times] = await Promise.all([Promise.all(asking), worked]);
  return times;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function shown(line: string): string {
  return line.replace(/\?.*/, "");
}
