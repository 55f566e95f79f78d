import { setTimeout as pause } from "node:timers/promises";
import type { Bench } from "../bench.ts";
import { bareHashes, bareWrite } from "../limits/limits.ts";
import { homeOf } from "../load/requests.ts";
import { PASSWORD } from "../players.ts";
import { type Sample, sampleOf } from "../samples.ts";
import type { Answer, Served } from "../served.ts";
import { HTTP_WARM_UPS, type Line, type Workload } from "../workload.ts";

const SIGNING_IN = 4;
/** More hashes than any machine does: whoever comes again too soon is slowed down. */
const MOST_A_SECOND = 300;
/** A refresh waits a tenth of a second for its twins, so that many in flight are three thousand a second at most. */
const SESSIONS = 512;

/** At the real cost of a password. */
export const signIn: Workload = {
  name: "sign-in",
  async *lines(bench) {
    const players = await bench.players();
    yield {
      ...{ what: "sign in, four at a time", warmUps: 1, limit: bareHashes(bench) },
      async round() {
        const logins = players.names(Math.ceil(MOST_A_SECOND * bench.scale.seconds));
        return (await bench.fire({ kind: "sign-ins", logins, password: PASSWORD }, { connections: SIGNING_IN })).sample;
      },
    };
  },
};

export const refresh: Workload = {
  name: "refresh",
  async *lines(bench) {
    const players = await bench.players();
    yield {
      ...{
        what: `${SESSIONS} sessions, each from token to token`,
        warmUps: HTTP_WARM_UPS,
        limit: bareWrite(bench, SESSIONS),
      },
      async round() {
        const tokens = await players.refreshTokens(SESSIONS);
        return (await bench.fire({ kind: "refreshes", tokens }, { connections: SESSIONS })).sample;
      },
    };
  },
};

/** What others wait for while everybody signs in at once. */
export const crowd: Workload = {
  name: "crowd",
  async *lines(bench) {
    await bench.weekends.scored(2);
    const { season } = bench.weekends;
    for (const line of [`GET /races?season=${season}`, `GET /standings?season=${season}`, "GET /auth/me"])
      yield besideCrowd(bench, line);
  },
};

function besideCrowd(bench: Bench, line: string): Line {
  const size = Math.min(bench.scale.crowd, bench.scale.teams);
  const answers: Answer[] = [];
  const limit = async () => whileAsking(bench, line, () => pause(bench.scale.seconds * 1000));
  return {
    ...{ what: `${line.replace(/\?.*/, "")} while ${size} sign in at once`, warmUps: 1 },
    limit: { what: "in peace, p99", by: "p99", round: limit },
    round: () =>
      whileAsking(bench, line, async (served) => {
        const names = (await bench.players()).names(size);
        answers.push(...(await Promise.all(names.map((name) => signInAs(served, name)))));
      }),
    told() {
      const sentAway = answers.filter(({ status, retryAfter }) => status === 503 && retryAfter !== undefined);
      const letIn = answers.filter(({ status }) => status === 200).length;
      if (letIn + sentAway.length < answers.length) throw new Error("somebody was neither let in nor sent away");
      const longest = Math.max(0, ...sentAway.map(({ ms }) => ms));
      return `${letIn} of ${answers.length} got in, ${sentAway.length} heard 503 with Retry-After within ${longest.toFixed(0)} ms`;
    },
  };
}

function signInAs(served: Served, login: string): Promise<Answer> {
  return served.ask("POST /auth/login", { json: { login, password: PASSWORD }, from: homeOf(login) });
}

/** How long an answer takes that is asked for every ten milliseconds, or as often as it comes. */
async function whileAsking(bench: Bench, line: string, work: (served: Served) => Promise<void>): Promise<Sample> {
  const served = await bench.server();
  const tokens = await (await bench.players()).tokens();
  let isOver = false;
  const asking = async () => {
    const times: number[] = [];
    while (!isOver) {
      const answer = await served.ask(line, { token: tokens[times.length % tokens.length] ?? "" });
      if (answer.status !== 200) throw new Error(`an answer that nobody expected: ${answer.status} ${answer.text}`);
      times.push(answer.ms);
      await pause(10);
    }
    return times;
  };
  // Together, so that whichever fails ends the measuring, and is not left to fail unheard.
  const worked = work(served).finally(() => {
    isOver = true;
  });
  const [times] = await Promise.all([asking(), worked]);
  return sampleOf(times, null);
}
