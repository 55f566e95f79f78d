import type { JobName } from "@pitwall/services/jobs";
import { buildLeaguesTask, buildLeagueTask } from "./build-leagues.ts";
import { checkConsistencyTask } from "./check-consistency.ts";
import { checkResultTask } from "./check-result.ts";
import type { Task } from "./context.ts";
import { deleteOldTask } from "./delete-old.ts";
import { driverStatisticsTask } from "./driver-statistics.ts";
import { lockRacesTask } from "./lock-races.ts";
import { remindOfLockTask } from "./remind-of-lock.ts";
import { sendMailsTask } from "./send-mails.ts";
import { syncSeasonTask } from "./sync-season.ts";
import { watchResultsTask } from "./watch-results.ts";

/** What is done for each job of the catalogue. */
export const tasks: { readonly [N in JobName]: Task<N> } = {
  "watch-results": watchResultsTask,
  "check-result": checkResultTask,
  "lock-races": lockRacesTask,
  "remind-of-lock": remindOfLockTask,
  "send-mails": sendMailsTask,
  "sync-season": syncSeasonTask,
  "delete-old": deleteOldTask,
  "check-consistency": checkConsistencyTask,
  "driver-statistics": driverStatisticsTask,
  "build-leagues": buildLeaguesTask,
  "build-league": buildLeagueTask,
};
