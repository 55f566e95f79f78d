import type { Mutant } from "./mutants.ts";
import type { Tried } from "./trials.ts";

export interface Judgement {
  readonly subject: string;
  /** In percent, of those that a test could have killed. */
  readonly score: number;
  readonly rows: readonly { readonly what: string; readonly count: string }[];
  /** In words, each a line. */
  readonly survivors: readonly string[];
}

type Fate = "killed" | "survived" | "unreached" | "loaded";

/** What became of the mutants of a subject, given what each of its tests saw. */
export function judged(subject: string, mutants: readonly Mutant[], tried: readonly Tried[]): Judgement {
  const killed = new Set(tried.flatMap((one) => one.killed));
  const reached = new Set(tried.flatMap((one) => one.reached));
  const loaded = new Set(tried.flatMap((one) => one.loaded));
  const doubted = new Set(tried.flatMap((one) => one.doubted));

  // What runs only while a module loads is asleep by the time a test could wake it: it counts neither way.
  function fateOf({ id }: Mutant): Fate {
    if (killed.has(id)) return "killed";
    if (reached.has(id)) return "survived";
    return loaded.has(id) ? "loaded" : "unreached";
  }

  const fates = mutants.map((mutant) => ({ mutant, fate: fateOf(mutant) }));
  const files = [...new Set(mutants.map(({ file }) => file))].map((file) => ({
    what: file,
    tally: tallyOf(fates.filter(({ mutant }) => mutant.file === file).map(({ fate }) => fate)),
  }));
  const whole = tallyOf(fates.map(({ fate }) => fate));
  return {
    subject,
    score: whole.score,
    rows: [...files, { what: subject, tally: whole }].map(({ what, tally }) => ({ what, count: inWords(tally) })),
    survivors: fates
      .filter(({ fate }) => fate === "survived" || fate === "unreached")
      .map(({ mutant, fate }) => `${told(mutant)} (${doubted.has(mutant.id) ? "doubted" : fate})`),
  };
}

type Tally = Readonly<Record<Fate, number>> & { readonly score: number };

function tallyOf(fates: readonly Fate[]): Tally {
  const count = (fate: Fate) => fates.filter((one) => one === fate).length;
  const [killed, survived, unreached, loaded] = [
    count("killed"),
    count("survived"),
    count("unreached"),
    count("loaded"),
  ];
  const judgeable = killed + survived + unreached;
  return { killed, survived, unreached, loaded, score: judgeable === 0 ? 100 : (100 * killed) / judgeable };
}

function inWords({ killed, survived, unreached, loaded, score }: Tally): string {
  return `${score.toFixed(1)} %: ${killed} killed, ${survived} survived, ${unreached} unreached, ${loaded} not judged`;
}

const LONGEST = 100;

function told({ file, line, from, to }: Mutant): string {
  const short = (text: string) => text.replace(/\s+/g, " ").slice(0, LONGEST);
  return `${file}:${line} ${short(from)} → ${short(to)}`;
}
