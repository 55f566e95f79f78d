import type { TRPCBuiltRouter } from "@trpc/server";
import type { Meta, PublicErrorShape } from "./meta.ts";
import { adminRouter } from "./routers/admin.ts";
import { authRouter } from "./routers/auth.ts";
import { constructorsRouter } from "./routers/constructors.ts";
import { driversRouter } from "./routers/drivers.ts";
import { leaguesRouter } from "./routers/leagues.ts";
import { notificationsRouter } from "./routers/notifications.ts";
import { operationsRouter } from "./routers/operations.ts";
import { racesRouter } from "./routers/races.ts";
import { resultsRouter } from "./routers/results.ts";
import { scoresRouter } from "./routers/scores.ts";
import { seasonsRouter } from "./routers/seasons.ts";
import { standingsRouter } from "./routers/standings.ts";
import { statsRouter } from "./routers/stats.ts";
import { teamsRouter } from "./routers/teams.ts";
import { usersRouter } from "./routers/users.ts";

/** Everything that can be said, by subject. */
export const procedures = {
  auth: authRouter,
  users: usersRouter,
  seasons: seasonsRouter,
  drivers: driversRouter,
  constructors: constructorsRouter,
  races: racesRouter,
  results: resultsRouter,
  teams: teamsRouter,
  scores: scoresRouter,
  leagues: leaguesRouter,
  standings: standingsRouter,
  notifications: notificationsRouter,
  admin: { ...adminRouter, ...operationsRouter },
  stats: statsRouter,
};

/** The type that clients are made from. No context is in it, so none of the server's types travel with a client. */
export type AppRouter = TRPCBuiltRouter<
  { ctx: object; meta: Meta; errorShape: PublicErrorShape; transformer: true },
  typeof procedures
>;
