import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import type { Dice } from "./aims.ts";
import { askOf, dice } from "./asks.ts";
import { remembered } from "./facts.ts";
import type { Answer, Ask, Game } from "./game.ts";
import { difference, explained, judge } from "./judging.ts";
import type { Stage } from "./stage.ts";

/** The model as it is now, and how often it was asked for what. */
interface Played {
  game: Game;
  readonly counts: Map<string, number>;
}

type Command = fc.AsyncCommand<Played, Stage>;

function count({ counts }: Played, procedure: string, { status, reason }: Answer): void {
  const what = `${procedure} ${reason ?? status}`;
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

async function one(played: Played, stage: Stage, ask: Ask, server: number): Promise<void> {
  const answer = await stage.ask(ask, server);
  count(played, ask.procedure, answer);
  if (answer.reason === "auth.refresh_raced" && played.game.hasty.has(ask.input.refreshToken)) return;
  const other = difference(judge(played.game, ask, answer.body), answer);
  if (other !== null) throw new Error(`${told(ask)}: ${other}`);
}

const told = ({ procedure, door, input, ifMatch, key }: Ask) =>
  `${procedure} over ${door} ${JSON.stringify({ ...input, ifMatch, key })}`;

function single(thrown: Dice): Command {
  return {
    check: () => true,
    run: (played, stage) => one(played, stage, askOf(played.game, thrown), thrown.server),
    toString: () => inWords(thrown),
  };
}

/** All at once, perhaps while a race locks. Some order of them must explain every answer. */
function together(thrown: readonly Dice[], locks: boolean): Command {
  return {
    check: () => true,
    async run(played, stage) {
      const asks = thrown.map((each) => askOf(played.game, each));
      const isLocking = locks && played.game.locked < played.game.races.length;
      const [answers] = await Promise.all([
        Promise.all(asks.map((ask, at) => stage.ask(ask, thrown[at]?.server ?? 0))),
        isLocking ? stage.lock() : null,
      ]);
      const events = asks.flatMap((ask, at) => (answers[at] ? [{ ask, answer: answers[at] }] : []));
      for (const { ask, answer } of events) count(played, ask.procedure, answer);
      const facts = await stage.facts();
      const isTrue = (game: Game) => isDeepStrictEqual(remembered(game), facts);
      const after = explained(played.game, isLocking ? [null, ...events] : events, isTrue);
      if (!after)
        throw new Error(
          `no order explains ${events.map(({ ask, answer }) => `${told(ask)} → ${JSON.stringify(answer)}`).join("; ")}`,
        );
      played.game = after;
    },
    toString: () => `[${thrown.map(inWords).join(" | ")}${locks ? " | lock" : ""}]`,
  };
}

const inWords = ({ act, ...numbers }: Dice) => `${act}(${Object.values(numbers).join(",")})`;

const lock: Command = {
  check: ({ game }) => game.locked < game.races.length,
  async run(played, stage) {
    await stage.lock();
    played.game.locked += 1;
  },
  toString: () => "lock",
};

const result: Command = {
  check: ({ game }) => game.locked > 0,
  run: (_played, stage) => stage.result(),
  toString: () => "result",
};

/** A mailed link, which makes an end of the one before. */
function mail(who: number): Command {
  return {
    check: ({ game }) => game.users.size > 0,
    async run({ game }, stage) {
      const [id = "", user] = [...game.users][who % game.users.size] ?? [];
      const token = await stage.link(id, user?.username ?? "");
      for (const [link, whose] of game.links) if (whose === id) game.links.delete(link);
      game.links.set(token, id);
    },
    toString: () => `mail(${who})`,
  };
}

/** `replayPath` says which commands ran when it failed. */
export function commands(replayPath: string | null) {
  const many = fc.tuple(fc.array(dice, { minLength: 2, maxLength: 4 }), fc.nat({ max: 5 }));
  const singles = dice.map(single);
  const sorts = [
    ...[singles, singles, singles, singles, singles, singles],
    ...[
      many.map(([thrown, odd]) => together(thrown, odd === 5)),
      many.map(([thrown, odd]) => together(alike(thrown), odd === 5)),
    ],
    ...[fc.constant(lock), fc.constant(result), fc.nat({ max: 3 }).map(mail)],
  ];
  return fc.commands<Played, Stage, false>(sorts as fc.Arbitrary<Command>[], {
    ...{ maxCommands: 40, size: "max" as const },
    ...(replayPath !== null && { replayPath }),
  });
}

/** The same by different people or on different servers: what is most likely to collide. */
function alike([first, ...others]: readonly Dice[]): Dice[] {
  if (!first) return [];
  return [first, ...others.map(({ who, server, whom }) => ({ ...first, who, server, whom }))];
}

/** Three people with a team each, and a league of two seats. */
export async function opening(stage: Stage, counts: Map<string, number>): Promise<Played> {
  const played: Played = { game: stage.game, counts };
  const numbers = { whom: 0, odd: 1, server: 0 };
  const acts = ["auth.register", "teams.create"] as const;
  for (const who of [0, 1, 2])
    for (const act of acts) await one(played, stage, askOf(played.game, { act, who, which: who, ...numbers }), who);
  await one(played, stage, askOf(played.game, { act: "leagues.create", who: 0, which: 0, ...numbers }), 0);
  return played;
}
