import { isDeepStrictEqual } from "node:util";
import { remembered } from "./facts.ts";
import type { Game } from "./game.ts";
import { difference, judge } from "./judging.ts";
import type { Stage } from "./stage.ts";

/** Every answer that was given is in the tables and nothing else is; and each token opens what it should, on every server. */
export async function ending(stage: Stage, game: Game): Promise<void> {
  const [found, wanted] = [await stage.facts(), remembered(game)];
  if (!isDeepStrictEqual(found, wanted)) {
    const [more, less] = [
      found.filter((fact) => !wanted.includes(fact)),
      wanted.filter((fact) => !found.includes(fact)),
    ];
    throw new Error(`the tables hold ${JSON.stringify(more)} and lack ${JSON.stringify(less)}`);
  }
  const asks = [...game.bearers.keys()].flatMap((token) =>
    [0, 1].map(async (server) => {
      const ask = { procedure: "auth.me", token, input: {}, ifMatch: null, key: null, door: "rest" as const };
      const answer = await stage.ask(ask, server);
      return difference(judge(game, ask, answer.body), answer);
    }),
  );
  const other = (await Promise.all(asks)).find((difference) => difference !== null);
  if (other !== undefined) throw new Error(`of a token: ${other}`);
}
