import { openDatabase } from "@pitwall/db/database";
import { createDatabase, dropDatabase } from "@pitwall/rig/databases";
import { inWords as inOneLine } from "../breach.ts";
import { oracle } from "../oracle.ts";
import { type Change, changeBetween, contentsOf, differences, type Known, knownOf } from "./contents.ts";
import { aPlace, isPoolFull, nextName, type Place } from "./places.ts";
import type { Ending, Player, Scene, WritePath } from "./scene.ts";

export interface Swept {
  readonly path: string;
  readonly statements: number;
  readonly deaths: number;
  readonly lostCommits: number;
  readonly faults: readonly string[];
}

/** Which of the messages of a path are cut; the first is 1. */
export type Choice = (path: string, statements: number) => (nth: number) => boolean;

interface Actor {
  readonly place: Place;
  readonly player: Player;
}

/**
 * Plays a scene in three copies of one database: once undisturbed, once cut at every message that is chosen, and once with
 * the answer of each commit lost. After each path all three must have changed alike.
 */
export async function sweep(server: string, template: string, scene: Scene, chosen: Choice): Promise<Swept[]> {
  const world = nextName();
  const prepared = openDatabase({
    url: await createDatabase(server, world, scene.setUp ? template : undefined),
    ...{ max: 4, statementTimeout: 0, queryTimeout: 0 },
  });
  try {
    await scene.setUp?.(prepared);
    const known = await knownOf(prepared.db);
    await prepared.close();
    const enter = async () => {
      const place = await aPlace(server, world);
      return { place, player: await scene.enter(place) };
    };
    const actors = await Promise.all([enter(), enter(), enter()]);
    const [undisturbed, dying, deaf] = actors;
    const swept: Swept[] = [];
    for (const path of scene.paths) {
      const played = { known, ...(await alone(undisturbed, path, known)) };
      const isChosen = chosen(path.name, played.said.length);
      const dies = async () => {
        const died = await cutEverywhere(dying, path, { ...played, isChosen, from: 1 });
        // Where dying did not keep it from being done, the next death is somebody else's.
        while (died.next !== null) {
          const other = await enter();
          const { next, deaths, faults } = await cutEverywhere(other, path, { ...played, isChosen, from: died.next });
          Object.assign(died, { next, deaths: died.deaths + deaths, faults: [...died.faults, ...faults] });
          await leave(other);
        }
        return died;
      };
      const [died, lost] = await Promise.all([dies(), unheard(deaf, path, played)]);
      swept.push({
        ...{ path: path.name, statements: played.said.length, deaths: died.deaths, lostCommits: lost.lostCommits },
        faults: [...played.faults, ...died.faults, ...lost.faults].map((fault) => `${path.name}: ${fault}`),
      });
    }
    const breaches = scene.isUnsound ? [] : await Promise.all(actors.map(({ place }) => oracle(place.watched.db)));
    const [last] = swept.slice(-1);
    if (last && breaches.length > 0)
      swept.splice(-1, 1, { ...last, faults: [...last.faults, ...breaches.flat().map(inOneLine)] });
    await Promise.all(actors.map(leave));
    return swept;
  } finally {
    await prepared.close();
    await dropDatabase(server, world);
  }
}

async function leave({ place, player }: Actor): Promise<void> {
  await player.leave();
  await place.close();
}

interface Played {
  readonly change: Change;
  /** All that was said to the database. */
  readonly said: readonly string[];
}

async function alone(actor: Actor, path: WritePath, known: Known): Promise<Played & { faults: string[] }> {
  const { place, player } = actor;
  await begin(actor, path);
  const before = await contentsOf(place.watched.db, known);
  const heard = place.proxy.listen();
  const ending = await player.act(path.name);
  const faults = await restless(place);
  const said = heard();
  const change = changeBetween(before, await contentsOf(place.watched.db, known));
  if (ending !== "done") faults.push(`undisturbed it is ${inWords(ending)}`);
  return { change, said, faults };
}

interface Cutting extends Played {
  readonly known: Known;
  /** The first message that may be cut. */
  readonly from: number;
  readonly isChosen: (nth: number) => boolean;
}

/** More than any write has; a path that never ends is a fault of its own. */
const MOST = 5_000;

async function cutEverywhere(actor: Actor, path: WritePath, { known, change, from, isChosen }: Cutting) {
  const { place, player } = actor;
  await begin(actor, path);
  const before = await contentsOf(place.watched.db, known);
  const changed = async () => changeBetween(before, await contentsOf(place.watched.db, known));
  const faults: string[] = [];
  let deaths = 0;
  let isThere = false;
  for (let nth = from; nth < MOST; nth += 1) {
    if (!isChosen(nth)) continue;
    const isDead = place.proxy.severAt(nth);
    const ending = await (isThere ? player.again(path.name) : player.act(path.name));
    faults.push(...(await restless(place)).map((fault) => `cut at ${nth}: ${fault}`));
    if (!isDead()) {
      place.proxy.heal();
      if (ending !== "done") faults.push(`after ${deaths} deaths it is ${inWords(ending)}`);
      break;
    }
    deaths += 1;
    const found = await changed();
    const isNothing = differences(new Map(), found, path.spares).length === 0;
    const isAll = differences(change, found, path.spares).length === 0;
    isThere = isAll && change.size > 0;
    if (!isNothing && !isAll && !path.inSteps)
      faults.push(`cut at ${nth} it left a half: ${differences(change, found).slice(0, 3).join("; ")}`);
    if (ending === "done" && !isAll && !path.promisesNothing)
      faults.push(`cut at ${nth} it was acknowledged, and is not there`);
    if (typeof ending === "object") faults.push(`cut at ${nth} it is ${inWords(ending)}`);
    if (ending === "done" && isAll && path.isDoneEachTime) return { deaths, faults, next: nth + 1 };
  }
  const faultsAtEnd = differences(change, await changed(), path.spares);
  if (faultsAtEnd.length > 0) faults.push(`after ${deaths} deaths: ${faultsAtEnd.slice(0, 3).join("; ")}`);
  return { deaths, faults, next: null };
}

const COMMIT = /^Q.{4}commit/is;
/** A write without a transaction of its own commits with its one statement. */
const WRITE = /\b(insert into|update |delete from|add_job)/i;

async function unheard(actor: Actor, path: WritePath, { known, change, said }: Played & { readonly known: Known }) {
  const { place, player } = actor;
  await begin(actor, path);
  const before = await contentsOf(place.watched.db, known);
  const faults: string[] = [];
  const commit = [COMMIT, WRITE].find((pattern) => said.some((one) => pattern.test(one))) ?? COMMIT;
  const isLost = place.proxy.severOn(commit, { isHeard: true });
  const ending = await player.act(path.name);
  faults.push(...(await restless(place)).map((fault) => `unheard: ${fault}`));
  const lostCommits = isLost() ? 1 : 0;
  place.proxy.heal();
  if (typeof ending === "object") faults.push(`unheard it is ${inWords(ending)}`);
  const again = await player.again(path.name);
  faults.push(...(await restless(place)).map((fault) => `again: ${fault}`));
  if (again !== "done") faults.push(`again it is ${inWords(again)}`);
  const found = changeBetween(before, await contentsOf(place.watched.db, known));
  const wrong = differences(change, found, path.spares);
  if (wrong.length > 0) faults.push(`unheard and done again: ${wrong.slice(0, 3).join("; ")}`);
  if (lostCommits === 0) faults.push("no commit was lost, so it proves nothing");
  return { lostCommits, faults };
}

/** With connections that nobody has used, so that each time as much is said. */
async function begin({ place, player }: Actor, { name }: WritePath): Promise<void> {
  await player.ready(name);
  place.proxy.sever();
  while (place.wired.pool.totalCount > 0) await new Promise((resolve) => setImmediate(resolve));
  place.proxy.heal();
}

async function restless(place: Place): Promise<string[]> {
  return (await isPoolFull(place)) ? [] : ["a connection did not come back to the pool"];
}

function inWords(ending: Ending): string {
  return typeof ending === "object" ? ending.wrong : ending;
}
