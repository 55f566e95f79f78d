import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Instrumenter } from "@stryker-mutator/instrumenter";

export interface Mutant {
  readonly id: string;
  readonly file: string;
  readonly line: number;
  readonly mutator: string;
  /** What stood there, and what stands there instead. */
  readonly from: string;
  readonly to: string;
}

export interface Mutated {
  /** By path: the code with every mutant in it, asleep. */
  readonly code: ReadonlyMap<string, string>;
  readonly mutants: readonly Mutant[];
}

const no = () => false;
const nothing = () => undefined;
const SILENT = {
  ...{ isTraceEnabled: no, isDebugEnabled: no, isInfoEnabled: no, isWarnEnabled: no, isErrorEnabled: no },
  ...{
    isFatalEnabled: no,
    trace: nothing,
    debug: nothing,
    info: nothing,
    warn: nothing,
    error: nothing,
    fatal: nothing,
  },
};

/** Every mutant of these files, by Stryker's mutators. */
export async function mutated(root: string, paths: readonly string[]): Promise<Mutated> {
  const files = paths.map((path) => ({ name: path, content: readFileSync(join(root, path), "utf8"), mutate: true }));
  const done = await new Instrumenter(SILENT).instrument(files, { plugins: null, excludedMutations: [], ignorers: [] });
  const sources = new Map(files.map(({ name, content }) => [name, content]));
  return {
    code: new Map(done.files.map(({ name, content }) => [join(root, name), content])),
    mutants: done.mutants.map(({ id, fileName, mutatorName, replacement, location }) => ({
      id,
      file: fileName,
      line: location.start.line + 1,
      mutator: mutatorName,
      from: between(sources.get(fileName) ?? "", location),
      to: replacement,
    })),
  };
}

interface Location {
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
}

function between(source: string, { start, end }: Location): string {
  const lines = source.split("\n").slice(start.line, end.line + 1);
  const last = lines.length - 1;
  return lines
    .map((line, nth) => line.slice(nth === 0 ? start.column : 0, nth === last ? end.column : undefined))
    .join("\n");
}
