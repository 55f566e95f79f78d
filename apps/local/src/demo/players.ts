import { createPitwall, type Pitwall, PitwallError } from "@pitwall/client";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { type Choice, choose, type MarketDriver, STRATEGIES, type Strategy } from "./strategies.ts";

export interface Player {
  readonly username: string;
  readonly strategy: Strategy;
  readonly client: Pitwall;
  readonly luck: () => number;
  teamId: string;
  version: number;
}

const LIMITS = { budget: 100, perConstructor: 2 };

/** People as they come: everyone registers, and enters a team by a way of playing of his own. */
export async function enterPlayers(
  url: string,
  season: number,
  many: number,
  onEntered: () => void,
): Promise<Player[]> {
  const guest = createPitwall({ url });
  const { items: market } = await guest.drivers.list.query({ season, status: "entered" });
  return inParallel(
    Array.from({ length: many }, (_, number) => number),
    8,
    async (number) => {
      const strategy = STRATEGIES[number % STRATEGIES.length];
      if (!strategy) throw new Error("there is no way to play");
      const client = createPitwall({ url });
      const username = `${FIRST[number % FIRST.length]}_${LAST[Math.floor(number / FIRST.length) % LAST.length]}_${number + 1}`;
      const luck = luckOf(number + 1);
      await client.auth.register.mutate({ username, email: `${username}@example.org`, password: "Slipstream44" });
      const choice = choose(market, strategy, luck, LIMITS);
      const team = await client.teams.create.mutate({
        season,
        name: `${LAST[number % LAST.length]} Racing ${number + 1}`,
        ...choice,
      });
      onEntered();
      return { username, strategy, client, luck, teamId: team.id, version: team.version };
    },
  );
}

export interface Changes {
  saved: number;
  /** Refused because the race had just locked, or the market was that of the race before. */
  late: number;
}

/** Whoever thinks about his line-up before this round saves what he thinks best now. */
export async function changeLineups(
  players: readonly Player[],
  round: number,
  market: readonly MarketDriver[],
  changes: Changes,
): Promise<void> {
  const thinking = players.filter((player, index) => (round + index) % player.strategy.changesEvery === 0);
  await inParallel(thinking, 8, async (player) => {
    const choice: Choice = choose(market, player.strategy, player.luck, LIMITS);
    try {
      const team = await player.client.teams.setLineup.mutate({
        id: player.teamId,
        version: player.version,
        ...choice,
      });
      player.version = team.version;
      changes.saved += 1;
    } catch (error) {
      if (!(error instanceof PitwallError) || error.status !== 422) throw error;
      changes.late += 1;
    }
  });
}

export async function inParallel<T, R>(all: readonly T[], lanes: number, work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = all.entries();
  const lane = async () => {
    for (const [index, one] of queue) results[index] = await work(one);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}

/** The same for the same seed, so that a demo can be told again. */
function luckOf(seed: number): () => number {
  const random = xoroshiro128plus(seed);
  return () => uniformFloat64(random);
}

const FIRST = [
  "ada",
  "bo",
  "cleo",
  "dev",
  "eva",
  "finn",
  "gus",
  "hana",
  "ivo",
  "june",
  "kai",
  "lia",
  "milo",
  "nora",
  "omar",
  "pia",
  "quinn",
  "rosa",
  "sam",
  "tess",
];
const LAST = [
  "apex",
  "brake",
  "chicane",
  "drs",
  "eau_rouge",
  "flag",
  "gravel",
  "hairpin",
  "inlap",
  "kerb",
  "lap",
  "marbles",
  "overcut",
  "parabolica",
];
