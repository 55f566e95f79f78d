export interface Measure {
  readonly what: string;
  readonly calls: number;
  /** Milliseconds. */
  readonly median: number;
  readonly p99: number;
  /** Null where the pace was ours. */
  readonly perSecond: number | null;
}

/** Does one call after the other, so many at once, and times each. */
export async function atFullSpeed(
  what: string,
  { calls, atOnce }: { readonly calls: number; readonly atOnce: number },
  call: (nth: number) => Promise<unknown>,
): Promise<Measure> {
  const times: number[] = [];
  let next = 0;
  const startedAt = performance.now();
  const line = async () => {
    while (next < calls) {
      next += 1;
      const askedAt = performance.now();
      await call(next - 1);
      times.push(performance.now() - askedAt);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, line));
  return measureOf(what, times, (calls / (performance.now() - startedAt)) * 1000);
}

export function measureOf(what: string, times: readonly number[], perSecond: number | null): Measure {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { what, calls: times.length, median: at(0.5), p99: at(0.99), perSecond };
}

export function tableOf(measures: readonly Measure[]): string {
  const lines = measures.map(({ what, calls, median, p99, perSecond }) =>
    [
      what.padEnd(54),
      `${calls}`.padStart(7),
      median.toFixed(1).padStart(9),
      p99.toFixed(1).padStart(9),
      (perSecond === null ? "" : perSecond.toFixed(perSecond < 100 ? 1 : 0)).padStart(8),
    ].join(" "),
  );
  const head = `${"".padEnd(54)} ${"calls".padStart(7)} ${"median ms".padStart(9)} ${"p99 ms".padStart(9)} ${"a second".padStart(8)}`;
  return [head, ...lines].join("\n");
}
