/** What one round came to. Milliseconds; null where a round does it only once, or where there is nothing to count. */
export interface Sample {
  readonly median: number | null;
  readonly p99: number | null;
  /** A second, unless the line says another unit. */
  readonly throughput: number | null;
}

export function sampleOf(times: readonly number[], seconds: number | null): Sample {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
  return { median: at(0.5), p99: at(0.99), throughput: seconds === null ? null : times.length / seconds };
}

/** Done once, for so many rows. */
export async function timed(work: () => Promise<unknown>, rows: number | null = null): Promise<Sample> {
  const startedAt = performance.now();
  await work();
  const median = performance.now() - startedAt;
  return { median, p99: null, throughput: rows === null ? null : (rows / median) * 1000 };
}

/** For so many seconds, so many at once, each after the one before. */
export async function atFullSpeed(
  { seconds, atOnce }: { readonly seconds: number; readonly atOnce: number },
  call: (nth: number) => Promise<unknown>,
): Promise<Sample> {
  const times: number[] = [];
  let next = 0;
  const startedAt = performance.now();
  const line = async () => {
    while (performance.now() - startedAt < seconds * 1000) {
      next += 1;
      const askedAt = performance.now();
      await call(next - 1);
      times.push(performance.now() - askedAt);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, line));
  return sampleOf(times, (performance.now() - startedAt) / 1000);
}

/** So many, one after the other: what one who waits for it waits. */
export async function inTurn(calls: number, call: (nth: number) => Promise<unknown>): Promise<Sample> {
  const times: number[] = [];
  for (let nth = 0; nth < calls; nth += 1) {
    const askedAt = performance.now();
    await call(nth);
    times.push(performance.now() - askedAt);
  }
  return sampleOf(times, null);
}

export function median(values: readonly (number | null)[]): number | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
