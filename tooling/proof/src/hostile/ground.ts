import { contentsOf } from "@pitwall/api/ownership.fixture";
import { aPlayedGame, tokensFor, WIDE } from "@pitwall/server/contract.fixture";
import { CALLS, type Told } from "@pitwall/server/contract-calls.fixture";
import { jsonLog } from "@pitwall/services/log";
import { serve } from "../served.ts";
import { aClient } from "./sending.ts";
import { type Inputs, SPEAKERS, type Speaker } from "./shots.ts";
import { lineFault } from "./verdict.ts";

/** A game that is under way, with everybody who shoots at it. */
export async function aGround(databaseUrl: string) {
  const faults: string[] = [];
  const write = (line: string) => {
    const fault = lineFault(line);
    if (fault !== null) faults.push(fault);
  };
  const served = await serve(databaseUrl, { servers: 1, log: jsonLog({ level: "debug", write }), limits: WIDE });
  const { db } = served.services;
  const client = aClient(served.urls[0] ?? "");
  let [tokens, inputs] = [new Map<string, string>(), new Map() as Inputs];

  async function everybodyIsThere(): Promise<boolean> {
    const shot = {
      kind: "",
      route: null,
      as: "guest" as const,
      method: "GET",
      path: "/api/v1/auth/me",
      headers: {},
      body: null,
    };
    const heard = await Promise.all([...tokens.values()].map((token) => client.send(shot, token)));
    return heard.length > 0 && heard.every(({ status }) => status === 200);
  }

  async function play(): Promise<void> {
    const played = await aPlayedGame(db);
    const told: Told = { ...played, answers: new Map() };
    const known = await tokensFor({ ...served.services, actor: { kind: "system", name: "proof" } }, told.world);
    tokens = new Map(SPEAKERS.flatMap((who) => (known.get(who) === undefined ? [] : [[who, known.get(who) ?? ""]])));
    inputs = new Map(
      await Promise.all(CALLS.map(async ({ operation, input }) => [operation, await input(told)] as const)),
    );
  }

  return {
    ...{ client, faults },
    /** Begins anew when somebody has been thrown out. */
    async ready(): Promise<Inputs> {
      if (!(await everybodyIsThere())) await play();
      return inputs;
    },
    tokenOf: (who: Speaker) => tokens.get(who),
    /** What all tables hold, once nothing moves any more. */
    async contents(): Promise<string> {
      for (let before = ""; ; ) {
        const now = JSON.stringify(await contentsOf(db));
        if (now === before) return now;
        before = now;
      }
    },
    async close() {
      client.close();
      await served.close();
    },
  };
}

export type Ground = Awaited<ReturnType<typeof aGround>>;
