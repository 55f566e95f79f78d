import { DomainError } from "@pitwall/domain/domain-error";
import { heard, inWords, perform } from "./acts.ts";
import type { Edition } from "./editions.ts";
import type { Run } from "./run.ts";
import { stateOf } from "./state.ts";
import { aWorld } from "./world.ts";

/** Does everything that was acknowledged once more, in a world in which nothing goes wrong, and tells what differs in the end. */
export async function comparedWithUndisturbed(run: Run, edition: Edition): Promise<string[]> {
  const world = await aWorld(edition);
  const breaches: string[] = [];
  try {
    for (const { at, act } of run.acknowledged) {
      await world.turnTo(at);
      await perform(world, { kind: "lock" });
      const outcome = await outcomeIn(world, act);
      if (outcome !== (act.kind === "result" ? act.outcome : "done"))
        breaches.push(`undisturbed, "${inWords(act)}" is ${outcome}`);
    }
    await world.turnTo(run.world.now());
    await perform(world, { kind: "lock" });
    const [disturbed, undisturbed] = [await stateOf(run.world), await stateOf(world)];
    for (const [what, rows] of Object.entries(undisturbed))
      breaches.push(...differences(what, disturbed[what] ?? [], rows));
  } finally {
    await world.end();
  }
  return breaches;
}

async function outcomeIn(world: Run["world"], act: Run["acknowledged"][number]["act"]): Promise<string> {
  try {
    if (act.kind === "result") return await heard(world, act);
    await perform(world, act);
    return "done";
  } catch (error) {
    if (error instanceof DomainError) return error.reason;
    throw error;
  }
}

function differences(what: string, disturbed: readonly string[], undisturbed: readonly string[]): string[] {
  const only = (these: readonly string[], those: readonly string[]) => these.filter((row) => !those.includes(row));
  return [
    ...only(disturbed, undisturbed).map((row) => `${what}, and not if undisturbed: ${row}`),
    ...only(undisturbed, disturbed).map((row) => `${what}, only if undisturbed: ${row}`),
  ];
}
