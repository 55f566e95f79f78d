/** Files whose mutants are shown to the tests that are meant to see them; paths from the root of the house. */
export interface Part {
  readonly mutated: string;
  readonly tests: readonly string[];
}

const DOMAIN = "packages/domain/src";
const SERVICES = "packages/services/src";
const API = "packages/api/src";
const SERVER = "apps/server/src";

function part(room: string, file: string, tests: readonly string[] = [file]): Part {
  return { mutated: `${room}/${file}.ts`, tests: tests.map((test) => `${room}/${test}.test.ts`) };
}

export const subjects: Readonly<Record<string, readonly Part[]>> = {
  rules: [
    ...["accounts", "best-lineups", "calendars", "domain-error", "driver-statistics"],
    ...["entry-lists", "lineups", "networks", "races", "rulesets", "standings", "syncs", "tempo", "tenths", "ticks"],
  ]
    .map((name) => part(DOMAIN, name))
    .concat([
      part(DOMAIN, "classification-faults", ["classification-faults", "official-points"]),
      part(DOMAIN, "classifications", ["classifications", "extended-scoring"]),
      part(DOMAIN, "schedule", ["schedule", "schedule-copies"]),
      part(DOMAIN, "scoring", ["scoring", "extended-scoring"]),
    ]),
  locks: [
    ...["lineups", "races"].map((name) => part(DOMAIN, name)),
    part(SERVICES, "internal/lock-race", ["teams/deadline", "teams/keeping", "races/cancelling"]),
    part(SERVICES, "internal/lock-reminders", ["races/reminding"]),
    part(SERVICES, "internal/race-lookup", ["teams/deadline", "teams/saving", "teams"]),
    part(SERVICES, "teams/market", ["teams/saving", "teams/deadline", "teams"]),
    part(SERVICES, "teams/saving", ["teams/saving", "teams/deadline", "teams"]),
  ],
  corrections: [
    part(SERVICES, "results/hold", ["results/hold", "results/receive"]),
    part(SERVICES, "results/receive", [
      ...["results/receive", "results/hold", "results/alerts", "results/checking", "results/entering"],
      ...["results/entry-lists", "results/watch"],
    ]),
    part(SERVICES, "results/rescoring", ["results/rescoring"]),
    part(SERVICES, "internal/score-race", ["results/rescoring", "results/receive"]),
    part(SERVICES, "internal/build-standings", ["results/rescoring", "results/receive", "races/cancelling"]),
    part(SERVICES, "internal/correction-effects", ["internal/correction-effects", "results/receive"]),
  ],
  auth: [
    ...["cookies", "origins"].map((name) => part(SERVER, name)),
    part(API, "limits"),
    {
      mutated: `${API}/session-cookies.ts`,
      tests: [`${API}/session-cookies.test.ts`, `${SERVER}/cookie-sign-in.test.ts`],
    },
    part(SERVICES, "auth/turns", ["auth/turns"]),
    part(SERVICES, "auth/twins", ["auth/twins", "auth/sessions"]),
    part(SERVICES, "auth/access-tokens", ["auth/access-tokens"]),
    part(SERVICES, "auth/attempts", ["auth/attempts"]),
    part(SERVICES, "auth/authenticate", ["auth/authenticate", "auth/revocations"]),
    part(SERVICES, "auth/bearers", ["auth/bearers", "auth/revocations"]),
    part(SERVICES, "auth/links", ["auth/addresses", "auth/password-changes"]),
    part(SERVICES, "auth/passwords", ["auth/passwords"]),
    part(SERVICES, "auth/proof", ["auth/password-changes", "auth/attempts"]),
    part(SERVICES, "auth/rotation", [
      "auth/rotation",
      "auth/sessions",
      "auth/password-changes",
      "auth/sign-in",
      "auth/listing",
    ]),
    part(SERVICES, "auth/sessions", ["auth/sessions", "auth/password-changes", "auth/listing", "auth/sign-in"]),
    part(SERVICES, "auth/sign-in", ["auth/sign-in", "auth/sessions", "auth/twins", "auth/bearers", "auth/revocations"]),
  ],
};
