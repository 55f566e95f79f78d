import { DAY, HOUR } from "@pitwall/domain/durations";
import { SCHEDULE } from "@pitwall/domain/schedule";
import { SEASON_TAIL_DAYS } from "../internal/look-facts.ts";

export interface PolicySection {
  readonly id: string;
  readonly title: string;
  readonly text: readonly string[];
}

export interface CorrectionPolicy {
  /** The figures that the text names, for programs. */
  readonly schedule: {
    readonly pollEveryHours: number;
    readonly alertAfterHours: number;
    readonly checkAfterHours: readonly number[];
    readonly watchDailyForDays: number;
    readonly watchEveryDaysAfterwards: number;
    readonly watchUntilDaysAfterSeason: number;
  };
  readonly sections: readonly PolicySection[];
}

/** What becomes of a result after the flag: the rules that `receiveAnswer` and the schedule of looks follow, in words. */
export function correctionPolicy(): CorrectionPolicy {
  return { schedule, sections: [watched, sources, believed, changed, kept, told, byHand] };
}

const { pollEvery, alertAfter, verifyAfter, watchDaily, watchWeekly } = SCHEDULE;

const schedule = {
  pollEveryHours: pollEvery / HOUR,
  alertAfterHours: alertAfter / HOUR,
  checkAfterHours: verifyAfter.map((after) => after / HOUR),
  watchDailyForDays: watchDaily.until / DAY,
  watchEveryDaysAfterwards: watchWeekly.every / DAY,
  watchUntilDaysAfterSeason: SEASON_TAIL_DAYS,
};

const watched: PolicySection = {
  id: "watch",
  title: "How long a result is watched",
  text: [
    `From the chequered flag on the source is asked ${every(schedule.pollEveryHours, "hour")} until it has the classification. After ${schedule.alertAfterHours} hours without one the admins are alerted, and it is asked on.`,
    `A recorded result is checked ${listed(schedule.checkAfterHours)} hours later. A check that comes late counts for each that it covers; one that could not reach the source counts for none. After the last the result is verified.`,
    `A verified result is looked at ${every(watchDaily.every / DAY, "day")} for ${schedule.watchDailyForDays} days, then ${every(schedule.watchEveryDaysAfterwards, "day")} until ${schedule.watchUntilDaysAfterSeason} days after the last race of the season: results have been changed months after the flag.`,
    "A correction starts the checks anew, whenever it comes.",
  ],
};

const sources: PolicySection = {
  id: "sources",
  title: "Whose word counts",
  text: [
    "Jolpica-F1 publishes the classifications of the FIA: its word becomes the result. Past seasons come with Pitwall, from F1DB.",
    "OpenF1 may be asked beside it, as a witness: what it says is noted for the admins, and nothing follows from it.",
    "Points are never copied: they follow from the classification and the rules of the season alone.",
  ],
};

const believed: PolicySection = {
  id: "validation",
  title: "What is believed",
  text: [
    "An answer is validated first: the race, the cars, the places, the points. What fails is held back and shown to the admins, is looked at again, and never scores.",
    "An empty or broken answer erases nothing. What is stored stays.",
    "Only what scores is compared: the spelling of a name, a lap time or a car's number is no correction.",
  ],
};

const changed: PolicySection = {
  id: "changes",
  title: "What a correction changes",
  text: [
    "It is a revision of its own, with what it changed car by car. Earlier ones stay, and so do the standings as of each. It may return to what an earlier one said.",
    "Every line-up that was fielded in the race is scored anew, and the standings of the race and of all later ones are built anew, for the whole game and for every league, in the same moment.",
    "The same classification, rules and line-up always earn the same points. Each scoring keeps digests of what went in and what came out.",
  ],
};

const kept: PolicySection = {
  id: "never-changes",
  title: "What a correction never changes",
  text: [
    "What a team fielded: its five drivers and its captain.",
    "What was paid for them, and what they cost the others.",
    "The rules of the season.",
  ],
};

const told: PolicySection = {
  id: "notifications",
  title: "Who is told",
  text: [
    "Everybody is told that results are in, and everybody of each correction, once; whoever prefers to may switch it off, or have it by e-mail.",
    "Each owner of a team that it moved is told its points and its rank before and after.",
  ],
};

const byHand: PolicySection = {
  id: "admins",
  title: "What admins enter",
  text: [
    "An admin may enter or replace a classification. It is validated, scored, announced and checked like any other, names no other rules, and stands in the audit trail.",
    "It stands as long as the source says what it said before. Once the source says something else, that is the result.",
  ],
};

function every(many: number, unit: string): string {
  return many === 1 ? `every ${unit}` : `every ${many} ${unit}s`;
}

function listed(figures: readonly number[]): string {
  return `${figures.slice(0, -1).join(", ")} and ${figures.at(-1)}`;
}
