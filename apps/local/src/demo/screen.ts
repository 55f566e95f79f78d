import asciichart from "asciichart";
import { Presets, SingleBar } from "cli-progress";
import Table from "cli-table3";

/** A bar that moves where people watch, and a line for each step where nobody can. */
export interface Progress {
  step(done: number, what: string): void;
  end(): void;
}

export function progress(title: string, total: number): Progress {
  if (!process.stdout.isTTY) {
    const quarter = Math.ceil(total / 4);
    return {
      step(done, what) {
        if (done > 0 && done % quarter === 0) say(`${title} ${done}/${total} ${what}`);
      },
      end: () => undefined,
    };
  }
  const format = `${title} [{bar}] {value}/{total} {what}`;
  const bar = new SingleBar({ format, barsize: 30, hideCursor: true, clearOnComplete: false }, Presets.rect);
  bar.start(total, 0, { what: "" });
  return { step: (done, what) => bar.update(done, { what: what.padEnd(34) }), end: () => bar.stop() };
}

export function say(line = ""): void {
  process.stdout.write(`${line}\n`);
}

export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const drawn = new Table({ head: [...head], style: { head: ["bold"], border: ["gray"], compact: true } });
  for (const row of rows) drawn.push([...row]);
  say(drawn.toString());
}

export function chart(series: readonly number[][]): void {
  const colors = [asciichart.green, asciichart.yellow, asciichart.red];
  say(
    asciichart.plot(series, {
      height: 10,
      colors: colors.slice(0, series.length),
      format: (value: number) => value.toFixed(0).padStart(6),
    }),
  );
}
