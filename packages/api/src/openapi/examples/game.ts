import { digest, type Examples } from "./examples.ts";

const melbourne = { season: 2026, slug: "australian-grand-prix" };

const stats = {
  races: 1,
  wins: 0,
  podiums: 1,
  pointsFinishes: 1,
  fastestLaps: 0,
  notClassified: 0,
  notStarted: 0,
  disqualified: 0,
  bestPlace: 3,
  bestRace: { slug: "australian-grand-prix", points: 15 },
  average: 15,
  form: [{ slug: "australian-grand-prix", points: 15 }],
};

const leclerc = {
  id: "leclerc",
  code: "LEC",
  name: "Charles Leclerc",
  nationality: "Monegasque",
  status: "entered",
  points: 15,
  ownership: 50,
  stats,
  number: 16,
  constructorId: "ferrari",
  price: 25.9,
  rank: 3,
};

const sessions = {
  fp1: "2026-03-06T01:30:00.000Z",
  fp2: "2026-03-06T05:00:00.000Z",
  fp3: "2026-03-07T01:30:00.000Z",
  qualifying: "2026-03-07T05:00:00.000Z",
  race: "2026-03-08T04:00:00.000Z",
};

const race = {
  ...melbourne,
  round: 1,
  name: "Australian Grand Prix",
  circuit: {
    id: "albert_park",
    name: "Albert Park Grand Prix Circuit",
    locality: "Melbourne",
    country: "Australia",
  },
  sessions,
  startsAt: "2026-03-08T04:00:00.000Z",
  lockAt: "2026-03-07T05:00:00.000Z",
  status: "completed",
  version: 1,
  result: {
    phase: "checking",
    revision: 1,
    recordedAt: "2026-03-08T14:30:04.000Z",
    checksPassed: 0,
    nextLookAt: "2026-03-09T14:30:04.000Z",
    waitsBecause: null,
  },
};

const russell = {
  driverId: "russell",
  constructorId: "mercedes",
  number: 63,
  position: 1,
  finish: "classified",
  grid: 1,
  laps: 58,
  points: 25,
  fastestLap: false,
};

const scoreLine = { session: "race", rule: "race_position", detail: "3", points: 15 };
const change = { driverId: "leclerc", session: "race", field: "position", from: "4", to: "3" };

export const game: Examples = {
  shapes: {
    Season: {
      year: 2026,
      ruleSet: "standard-1",
      attribution: "Season data: F1DB (CC BY 4.0)",
      races: 23,
      completed: 1,
    },
    Ruleset: {
      id: "standard-1",
      name: "standard",
      version: 1,
      racePoints: [25, 18, 15, 12, 10, 8, 6, 4, 2, 1],
      fastestLap: { points: 1, withinTop: 10 },
      captainMultiplier: 1.5,
      lineup: { size: 5, budget: 100, perConstructor: 2 },
      digest,
    },
    SeasonStatistics: stats,
    Driver: leclerc,
    DriverDetail: {
      ...leclerc,
      givenName: "Charles",
      familyName: "Leclerc",
      dateOfBirth: "1997-10-16",
      version: 1,
      season: 2026,
      prices: [{ price: 25.9, since: "2026-01-15T12:00:00.000Z" }],
    },
    RaceEntry: { driverId: "leclerc", name: "Charles Leclerc", constructorId: "ferrari", number: 16, price: 25.9 },
    Constructor: {
      id: "ferrari",
      name: "Ferrari",
      nationality: "Italian",
      points: 27,
      rank: 2,
      drivers: [
        { driverId: "leclerc", points: 15 },
        { driverId: "hamilton", points: 12 },
      ],
    },
    Race: race,
    RaceDetail: {
      ...race,
      changes: [
        {
          at: "2026-01-15T12:00:00.000Z",
          source: "jolpica",
          field: "fp1",
          from: "2026-03-06T01:00:00.000Z",
          to: "2026-03-06T01:30:00.000Z",
        },
      ],
    },
    ClassifiedCar: russell,
    Classification: {
      ...melbourne,
      revision: 1,
      isCurrent: true,
      source: "jolpica",
      digest,
      recordedAt: "2026-03-08T14:30:04.000Z",
      sessions: [{ session: "race", cars: [russell] }],
    },
    CarChange: change,
    Revision: {
      revision: 2,
      recordedAt: "2026-03-09T14:30:04.000Z",
      source: "jolpica",
      digest,
      diff: [change],
      teamsAffected: 1,
    },
    DriverScore: { driverId: "leclerc", points: 15, lines: [scoreLine] },
    CorrectionPolicy: {
      schedule: {
        pollEveryHours: 1,
        alertAfterHours: 48,
        checkAfterHours: [24, 48, 72],
        watchDailyForDays: 30,
        watchEveryDaysAfterwards: 7,
        watchUntilDaysAfterSeason: 90,
      },
      sections: [
        {
          id: "watch",
          title: "How long a result is watched",
          text: ["A correction starts the checks anew, whenever it comes."],
        },
      ],
    },
  },
  requests: {
    "seasons.setRules": { ruleSet: "extended-1" },
    "drivers.create": {
      id: "tsunoda",
      givenName: "Yuki",
      familyName: "Tsunoda",
      code: "TSU",
      nationality: "Japanese",
      dateOfBirth: "2000-05-11",
      entry: { season: 2026, constructorId: "rb", number: 22, price: 14.3 },
    },
    "drivers.update": { entry: { season: 2026, constructorId: "red_bull", number: 30 } },
    "drivers.setPrice": { season: 2026, price: 27.4 },
    "races.create": {
      season: 2026,
      name: "Bahrain Grand Prix",
      round: 24,
      circuit: { id: "bahrain", name: "Bahrain International Circuit", locality: "Sakhir", country: "Bahrain" },
      sessions: { qualifying: "2026-12-12T14:00:00Z", race: "2026-12-13T15:00:00Z" },
    },
    "races.remove": { version: 1 },
    "drivers.remove": { version: 1 },
    "races.update": { version: 1, sessions: { fp3: null, race: "2026-03-08T05:00:00Z" } },
    "results.enter": {
      sessions: [
        {
          session: "race",
          cars: [
            { driverId: "russell", laps: 58 },
            { driverId: "antonelli", laps: 58 },
            { driverId: "leclerc", laps: 58, fastestLap: true },
          ],
        },
      ],
      note: "As published by the stewards, document 61",
    },
  },
  answers: {
    "drivers.points": { items: [{ ...melbourne, revision: 1, points: 15, lines: [scoreLine] }], points: 15 },
    "drivers.setPrice": { id: "leclerc", season: 2026, price: 27.4, since: "2026-03-10T09:00:00.000Z" },
    "results.enter": { ...melbourne, outcome: "recorded", revision: 1 },
  },
};
