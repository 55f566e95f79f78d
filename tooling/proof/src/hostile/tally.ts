import type { Heard } from "./sending.ts";
import type { Shot } from "./shots.ts";

interface Sum {
  asked: number;
  taken: number;
}

/** How often what was asked, and how much of it was taken. */
export function aTally() {
  const kinds = new Map<string, Sum>();
  const routes = new Map<string, Sum>();
  let late = 0;
  const note = (sums: Map<string, Sum>, name: string, isTaken: boolean) => {
    const sum = sums.get(name) ?? { asked: 0, taken: 0 };
    sums.set(name, { asked: sum.asked + 1, taken: sum.taken + (isTaken ? 1 : 0) });
  };
  const rows = (sums: Map<string, Sum>) =>
    [...sums]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([what, { asked, taken }]) => ({ what, count: `${asked} (${taken} taken)` }));
  return {
    heard({ kind, route, path }: Shot, { status }: Heard): void {
      const isTaken = status > 0 && status < 400;
      note(kinds, kind, isTaken);
      const door = path.startsWith("/trpc/") ? "trpc" : "rest";
      if (status === 503) late += 1;
      note(routes, route === null ? "elsewhere" : `${route.name} ${door}`, isTaken);
    },
    heardRaw: (kind: string, text: string) => note(kinds, kind, /^HTTP\/1\.1 [23]/.test(text)),
    sent: () => [...kinds.values()].reduce((sum, { asked }) => sum + asked, 0),
    rows: () => [{ what: "told to come again (503)", count: late }, ...rows(kinds), ...rows(routes)],
  };
}

export type Tally = ReturnType<typeof aTally>;
