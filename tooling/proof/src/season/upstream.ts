import type { SeasonFacts } from "@pitwall/db/facts";
import { HOUR, SECOND } from "@pitwall/domain/durations";
import type { Client, Fetched } from "@pitwall/jobs/feed/client";
import { copyOf } from "@pitwall/jobs/feed/copies";
import { type ReplayedRace, replayedAnswer } from "@pitwall/jobs/feed/replay";
import type { Chance } from "../chance.ts";

/** How the source may fail whoever asks, as it has before. */
const TROUBLES = {
  "is out of reach": () => ({ kind: "failed", reason: "The source answered 504." }),
  "asks for a pause": () => ({ kind: "put_off", reason: "The source asked for a pause.", forMs: 20 * 60 * SECOND }),
  "shows a page of a proxy": () => "<!doctype html><title>502</title>",
  "says nothing": () => "",
  "lists nobody": (body) => body.replace(/"total":"\d+"/, '"total":"0"').replace(/"Races":\[.*\]/, '"Races":[]'),
  "stops in the middle": (body) => body.slice(0, 4_000),
  "has two in one place": (body) => body.replace('"position":"2"', '"position":"3"'),
  "has no place for one": (body) => body.replace('"position":"9"', '"position":null'),
  "has moved half of the cars": (body) =>
    body.replace('"position":"4"', '"position":"3"').replace('"position":"9"', '"position":null'),
  "has left the points": (body) => body.replace('"points":"18"', '"points":"25"'),
  "knows somebody else": (body) => body.replaceAll('"driverId":"hamilton"', '"driverId":"nobody_knows"'),
  "tells another race": (body) => body.replace(/"round":"\d+"/g, '"round":"77"'),
  "tells another season": (body) => body.replace(/"season":"\d+"/g, '"season":"1951"'),
  "lists a few": (body) => shortened(body, 3),
  "lists half": (body) => shortened(body, 10),
  "lists all but one": (body) => shortened(body, 19),
  "says everything twice": (body) => body.replace('{"MRData":', '{"MRData":{},"MRData":'),
  "has other laps": (body) => body.replaceAll('"laps":"57"', '"laps":"56"'),
  "shows an old copy": null,
} satisfies Record<string, ((body: string) => Fetched | string) | null>;

export type Trouble = keyof typeof TROUBLES;
export const troubles = Object.keys(TROUBLES).filter((name): name is Trouble => name in TROUBLES);

function shortened(body: string, cars: number): string {
  const told = JSON.parse(body);
  const race = told.MRData.RaceTable.Races[0];
  const list = Object.keys(race ?? {}).find((name) => name.endsWith("Results"));
  if (list === undefined) return body;
  race[list] = race[list].slice(0, cars);
  told.MRData.total = String(race[list].length);
  return JSON.stringify(told);
}

/** A source in this process, which tells what the script has published by the moment at which it is asked. */
export interface Upstream extends Client {
  /** When each race that is run sees its flag. */
  readonly flags: Map<string, ReplayedRace>;
  trouble: Trouble | null;
}

export function upstreamOf(script: SeasonFacts, now: () => Date, askedAt: () => number): Upstream {
  const upstream: Upstream = { flags: new Map(), trouble: null, fetch };
  return upstream;

  async function fetch(path: string): Promise<Fetched> {
    const age = upstream.trouble === "shows an old copy" ? 5 * HOUR : 0;
    const at = new Date(now().getTime() - age);
    const { status, headers, body } = replayedAnswer(`/ergast/f1${path}`, {
      facts: script,
      calendar: upstream.flags,
      at,
    });
    if (status !== 200) return { kind: "failed", reason: `The source answered ${status}.` };
    const copy = copyOf(new Headers({ ...headers, age: String(age / SECOND) }), askedAt());
    const told = (upstream.trouble && TROUBLES[upstream.trouble]?.(body)) ?? body;
    return typeof told === "string" ? { kind: "fetched", body: told, copy } : told;
  }
}

/** What the source will publish: what it really did, and sometimes a turn that nobody has seen yet, and back. */
export function scriptFor(facts: SeasonFacts, chance: Chance): SeasonFacts {
  const races = facts.races.map((race) => {
    const revisions = race.revisions.map((one) => ({ ...one, hoursAfterFlag: Math.min(one.hoursAfterFlag, 400) }));
    const last = revisions.at(-1);
    if (!last) return race;
    const before = revisions.at(-2) ?? { ...last, classification: swapped(last.classification, chance) };
    const turns = chance.of([[], [], [before, last], [before]]) ?? [];
    const more = turns.map((turn, at) => ({
      ...turn,
      hoursAfterFlag: last.hoursAfterFlag + 30 * (at + 1) + chance.below(60),
    }));
    return { ...race, revisions: [...revisions, ...more].sort((a, b) => a.hoursAfterFlag - b.hoursAfterFlag) };
  });
  return { ...facts, races };
}

type Classification = SeasonFacts["races"][number]["revisions"][number]["classification"];

/** Two of the first ten have changed places, with what belongs to a place left there. */
function swapped(classification: Classification, chance: Chance): Classification {
  const at = chance.below(9);
  const [one, other] = [classification.race[at], classification.race[at + 1]];
  if (!one || !other) return classification;
  const race = classification.race.map((car, index) => {
    const { position, points, finish } = car;
    if (index === at) return { ...other, position, points, finish };
    return index === at + 1 ? { ...one, position, points, finish } : car;
  });
  return { ...classification, race };
}
