import { Presets, SingleBar } from "cli-progress";
import Table from "cli-table3";

/** A bar that moves where people watch, and a line now and then where nobody can. Answers go to stdout, this never does. */
export interface Progress {
  step(done: number, what?: string): void;
  end(): void;
}

/** Begins something that takes so many steps. */
export type Watch = (title: string, total: number) => Progress;

export const watch: Watch = (title, total) => (process.stderr.isTTY ? aBar(title, total) : someLines(title, total));

function aBar(title: string, total: number): Progress {
  const format = `${title} [{bar}] {value}/{total} {what}`;
  const bar = new SingleBar(
    { format, barsize: 30, hideCursor: true, clearOnComplete: false, stream: process.stderr },
    Presets.rect,
  );
  bar.start(total, 0, { what: "" });
  return { step: (done, what = "") => bar.update(done, { what: what.padEnd(34) }), end: () => bar.stop() };
}

function someLines(title: string, total: number): Progress {
  const tenth = Math.ceil(total / 10);
  let told = 0;
  return {
    step(done, what = "") {
      if (done < told + tenth && done < total) return;
      told = done;
      process.stderr.write(`${title} ${done}/${total} ${what}`.trimEnd().concat("\n"));
    },
    end: () => undefined,
  };
}

export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const drawn = new Table({ head: [...head], style: { head: [], border: [], compact: true } });
  for (const row of rows) drawn.push([...row]);
  return drawn.toString();
}
