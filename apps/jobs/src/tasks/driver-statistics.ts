import { recountStatistics } from "@pitwall/services/drivers/recounting";
import type { Task } from "./context.ts";

/** They are counted whenever somebody asks; once a week, after the races, they are counted another way as well. */
export const driverStatisticsTask: Task<"driver-statistics"> = async (ctx) => {
  const { seasons, drivers, wrong } = await recountStatistics(ctx);
  const people = wrong.flatMap(({ season, driverIds }) => driverIds.map((id) => `${season} ${id}`));
  const counted = `Counted from the classifications: the statistics of ${drivers} drivers in ${seasons} seasons.`;
  ctx.tell?.(people.length === 0 ? `${counted} All of it agrees.` : `${counted} Wrong: ${people.join(", ")}.`);
  if (people.length > 0) throw new Error(`the statistics of ${people.length} drivers are wrong`);
  ctx.log.info("driver statistics agree with the classifications", { seasons, drivers });
};
