import { seasonFacts } from "@pitwall/db/facts";
import type { Classification, ClassifiedCar, SessionKind } from "@pitwall/domain/classifications";
import { rulesets } from "@pitwall/domain/rulesets";
import { lineupLedger, scoreDrivers } from "@pitwall/domain/scoring";
import { receiveAnswer } from "@pitwall/services/results/receive";
import { globalStandings } from "@pitwall/services/standings/reading";
import { expect, test } from "vitest";
import { aStage, SEASON, type Stage } from "./stage.fixture.ts";

/** Every race of the season whose result was published more than once. */
const corrected = seasonFacts(SEASON).races.filter(({ revisions }) => revisions.length > 1);

const teams: Readonly<Record<string, readonly string[]>> = {
  Papaya: ["norris", "piastri", "russell", "hadjar", "albon"],
  "Red Bull": ["max_verstappen", "russell", "leclerc", "sainz", "ocon"],
  Scuderia: ["leclerc", "hamilton", "hulkenberg", "alonso", "bearman"],
  Rookies: ["antonelli", "hadjar", "gasly", "doohan", "lawson"],
};

const SESSIONS: readonly SessionKind[] = ["race", "sprint", "qualifying"];

/** What somebody sees who looks while cars are being changed one after the other: none of them, one, two, … all. */
function halfApplied(from: Classification, to: Classification): Classification[] {
  const states = [from];
  let state = from;
  for (const session of SESSIONS) {
    const [before, after] = [from[session] ?? [], to[session] ?? []];
    for (const driverId of new Set([...after, ...before].map((car) => car.driverId))) {
      const [was, is] = [before, after].map((cars) => cars.find((car) => car.driverId === driverId));
      if (JSON.stringify(was) === JSON.stringify(is)) continue;
      state = { ...state, [session]: withCar(state[session] ?? [], driverId, is) };
      states.push(state);
    }
  }
  return states;
}

function withCar(cars: readonly ClassifiedCar[], driverId: string, car: ClassifiedCar | undefined): ClassifiedCar[] {
  const others = cars.filter((other) => other.driverId !== driverId);
  return car ? [...others, car] : others;
}

/** Forwards, and all the way back. */
function journey(revisions: readonly { readonly classification: Classification }[]): Classification[] {
  const stops = [...revisions, ...revisions.toReversed()].map(({ classification }) => classification);
  return stops.flatMap((to, index) => halfApplied(stops[index - 1] ?? to, to).concat(to));
}

async function pointsIn(stage: Stage, slug: string): Promise<Record<string, number>> {
  const { items } = await globalStandings(stage.ctx, { season: SEASON, race: slug, by: "race", limit: 50 });
  return Object.fromEntries(items.map(({ teamName, racePoints }) => [teamName, racePoints]));
}

test.each(Object.values(rulesets))(
  "under $id, corrections that come forwards, backwards and half applied score what a fresh computation does",
  async (rules) => {
    const stage = await aStage({ slugs: corrected.map(({ slug }) => slug), teams, ruleset: rules.id });
    const reckoned = (c: Classification) => {
      const scores = new Map(scoreDrivers(c, rules).map((score) => [score.driverId, score]));
      return Object.fromEntries(
        Object.entries(teams).map(([name, driverIds]) => [
          name,
          lineupLedger({ driverIds, captainId: driverIds[0] ?? "" }, scores, rules).points,
        ]),
      );
    };
    stage.turnTo(0);
    const outcomes = new Set<string>();
    for (const { slug, revisions } of corrected) {
      const raceId = await stage.raceId(slug);
      for (const classification of journey(revisions)) {
        const answer = { kind: "classification", classification, body: "" } as const;
        const outcome = await receiveAnswer(stage.ctx, { raceId, source: "test", answer });
        outcomes.add(outcome);
        if (outcome === "recorded" || outcome === "corrected")
          expect(await pointsIn(stage, slug)).toEqual(reckoned(classification));
      }
      const [first] = revisions;
      expect(await pointsIn(stage, slug)).toEqual(first && reckoned(first.classification));
    }
    expect(outcomes).toEqual(new Set(["recorded", "corrected", "unchanged", "held"]));
  },
);
