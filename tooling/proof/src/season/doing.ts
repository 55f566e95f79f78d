import { DomainError } from "@pitwall/domain/domain-error";
import { type Act, inWords, isDone, perform } from "./acts.ts";
import { enterInto } from "./book.ts";
import type { PlacedRace } from "./calendar.ts";
import { marketIn } from "./market.ts";
import type { Death } from "./mortal.ts";
import { drawOfficial } from "./officials.ts";
import { drawPlayer } from "./players.ts";
import type { Run } from "./run.ts";

/** A player acts, and is refused if and only if that act has to be. */
export async function somebodyActs(run: Run): Promise<void> {
  const drawn = drawPlayer(run.book, await marketIn(run.world), run.chance);
  if (!drawn) return;
  const { act, verdict } = drawn;
  const death = verdict === "done" && MORTAL.has(act.kind) ? deathOf(run) : null;
  const outcome = await outcomeOf(run, act, death);
  note(run, act, outcome === verdict ? outcome : `${outcome}, and not ${verdict}`);
  if (outcome === verdict) return;
  // Whoever hears nothing has done it or not.
  if (outcome === "not done" && death !== null) return;
  run.breaches.push(`${inWords(act)}: ${outcome}, and not ${verdict}`);
}

/** Race control or the source says something new of the season. */
export async function officialsAct(run: Run, races: readonly PlacedRace[]): Promise<void> {
  const act = drawOfficial(run.world, races, await marketIn(run.world), run.chance);
  if (!act) return;
  run.tally["calendar changes"] += Number(act.kind !== "price");
  note(run, act, await outcomeOf(run, act, null));
}

function deathOf({ chance, isPerilous }: Run): Death | null {
  if (!isPerilous || !chance.happens(0.15)) return null;
  return chance.happens(0.4) ? "unheard" : 1 + chance.below(12);
}

const MORTAL: ReadonlySet<Act["kind"]> = new Set(["enter", "save", "withdraw", "found", "join", "quit"]);

/** "done", "not done" where nobody was told, or the reason of a refusal. */
async function outcomeOf(run: Run, act: Act, death: Death | null): Promise<string> {
  const at = run.world.now();
  run.tally.acts += 1;
  try {
    const isHeard = await run.server.survives(death, (process) => perform(run.world, act, process));
    if (!isHeard) run.tally.crashes += 1;
    if (!isHeard && !(await isDone(run.world, act))) return "not done";
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    run.tally.refusals += 1;
    return error.reason;
  }
  run.acknowledged.push({ at, act });
  enterInto(run.book, act, at);
  return "done";
}

function note({ journal, world }: Run, act: Act, outcome: string): void {
  journal.note(world.now(), `${inWords(act)}: ${outcome}`);
}
