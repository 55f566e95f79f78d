import { inWords } from "../breach.ts";
import type { Engine, Failure } from "../engine.ts";
import type { Tally } from "./balancer.ts";
import { REFUSED } from "./player.ts";
import { inChaos, type Played } from "./run.ts";

const SECOND = 1_000;
const PLAYERS = 12;
/** Of the answers that are no clean refusal: how many may be wrong. */
const MOST_WRONG = 0.001;

/** Real processes, clients who keep a journal, and a fault every few seconds. */
export const chaos: Engine = {
  name: "chaos",
  summary: "servers, workers and stores as real processes under load, a fault every 5 to 15 s, the oracle at the end",
  options: { players: `how many there are, ${PLAYERS} unless said` },
  async run({ seed, minutes, own }, watch) {
    const lasts = (minutes ?? 3) * 60 * SECOND;
    const progress = watch("chaos", Math.round(lasts / SECOND));
    const step = (over: number, fault: string) => progress.step(Math.round(over / SECOND), fault);
    try {
      const played = await inChaos({ seed, players: Number(own.players ?? PLAYERS), lasts, step });
      const words = [
        ...played.breaches.map(inWords),
        ...played.behind,
        ...tooMany(played.calls),
        ...wrongs(played.seen.tally),
        ...played.ends.filter((end) => end.startsWith("API")),
      ];
      const replay = `pnpm proof chaos --seed ${seed} --minutes ${lasts / 60 / SECOND}`;
      return { rows: rowsOf(played), failures: words.map((one): Failure => ({ words: one, replay })) };
    } finally {
      progress.end();
    }
  },
};

function wrongs({ wrongs: all, reads, writes }: Tally): string[] {
  const said = [...new Set(all)].slice(0, 5).join("; ");
  const many = Object.entries({ reads, writes })
    .filter(([, { right, clean, wrong }]) => wrong > MOST_WRONG * (right + clean + wrong))
    .map(([kind, { wrong }]) => `${wrong} ${kind} were answered wrong, such as: ${said}`);
  const refused = all.filter((words) => words.includes(REFUSED));
  return refused.length > 0
    ? [...many, `${refused.length} refusals that nobody foresaw, such as: ${refused[0]}`]
    : many;
}

/** The source is asked at most four times a second; the hours of this run are short. */
function tooMany(calls: readonly number[]): string[] {
  const inOrder = calls.toSorted((a, b) => a - b);
  const first = inOrder.find((at, nth) => (inOrder[nth + 4] ?? Number.POSITIVE_INFINITY) - at < SECOND);
  return first === undefined
    ? []
    : [`I14 the source was asked more than four times in a second, from ${new Date(first).toISOString()}`];
}

function rowsOf({ seen: { tally, journal, reads, sessions, rush }, faults, calls, ends }: Played) {
  const share = ({ right, clean, wrong }: Tally["reads"]) => {
    const all = Math.max(1, right + clean + wrong);
    return `${right} right, ${clean} clean 503 or refused, ${wrong} wrong (${(((right + clean) / all) * 100).toFixed(3)} %; answered ${((right / all) * 100).toFixed(1)} %)`;
  };
  const fates = (fate: string) => journal.filter((entry) => entry.fate === fate).length;
  return [
    { what: "faults", count: [...faults.values()].reduce((a, b) => a + b, 0) },
    ...[...faults].map(([what, count]) => ({ what: `  ${what}`, count })),
    { what: "reads", count: share(tally.reads) },
    { what: "writes", count: share(tally.writes) },
    {
      what: "journal",
      count: `${fates("acknowledged")} acknowledged, ${fates("unknown")} unknown, ${fates("refused")} refused`,
    },
    { what: "revisions seen", count: reads.length },
    { what: "sessions ended", count: sessions.filter(({ what }) => what === "ended").length },
    { what: "saved in the rush of a lock", count: `${rush.saved}, and ${rush.late} refused as late or stale` },
    { what: "calls of the source", count: calls.length },
    { what: "processes that ended by themselves", count: ends.length },
  ];
}
