import { remindOfLocks } from "@pitwall/services/races/reminding";
import { bareWrite } from "../limits/limits.ts";
import { timed } from "../samples.ts";
import { PLAYED } from "../season.ts";
import type { Workload } from "../workload.ts";
import { locksIn } from "./lineups.ts";
import { ownRead } from "./own.ts";

/** Telling everybody is one row; what it means to somebody is worked out when they read it. */
export const telling: Workload = {
  name: "telling",
  async *lines(bench) {
    const { weekends } = bench;
    await weekends.locked(PLAYED);
    yield {
      ...{ what: "remind whoever has a team of a lock", warmUps: 1, limit: bareWrite(bench, 1, "median") },
      async round(nth) {
        // Of a lock that was moved everybody is told again.
        await locksIn(bench, 1_800 + nth);
        let told = 0;
        const sample = await timed(async () => {
          told = await remindOfLocks(weekends.ctx);
        });
        if (told !== 1) throw new Error("nobody was reminded");
        return sample;
      },
    };
    await locksIn(bench, 86_400);
    yield ownRead(bench, "my notices, with what corrections did to my team", ["/notifications?limit=20"]);
  },
};
