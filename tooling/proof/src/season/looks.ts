import type { Run } from "./run.ts";

/** Writes down what became of the looks that have been committed since the last time. */
export async function newLooks(run: Run): Promise<void> {
  const { world, journal, tally, lastLook, said, acknowledged, upstream } = run;
  const { rows } = await world.database.pool.query<Look>({ name: "looks", text: LOOKS, values: [lastLook.id] });
  for (const { id, slug, round, outcome, reason } of rows) {
    lastLook.id = id;
    lastLook.outcome = outcome;
    journal.note(
      world.now(),
      `the source ${upstream.trouble ?? "is asked"} about ${slug}: ${outcome}${reason ? ` (${reason})` : ""}`,
    );
    tally["troubled answers"] += Number(upstream.trouble !== null);
    tally.results += Number(outcome === "recorded");
    tally.corrections += Number(outcome === "corrected");
    tally["held answers"] += Number(outcome === "held");
    const classification = said.get(round);
    if (classification && MOVING.has(outcome))
      acknowledged.push({ at: world.now(), act: { kind: "result", race: slug, classification, outcome } });
  }
}

interface Look {
  readonly id: number;
  readonly slug: string;
  readonly round: number;
  readonly outcome: string;
  readonly reason: string | null;
}

const LOOKS = `
  select looks.id, slug, round, outcome, reason from looks join races on races.id = race_id where looks.id > $1 order by looks.id`;

/** A document that was put aside counts when it is told of once more. */
const MOVING: ReadonlySet<string> = new Set(["recorded", "corrected", "held"]);
