import { lineupOf } from "@pitwall/services/lineups";
import { checkLineup, createTeam, listTeams, setLineup, teamById } from "@pitwall/services/teams";
import { lineupHistory } from "@pitwall/services/teams/history";
import { removeTeam, renameTeam } from "@pitwall/services/teams/keeping";
import { myTeams } from "@pitwall/services/teams/mine";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { withSeason } from "../current-season.ts";
import { publicProcedure, userProcedure } from "../trpc.ts";
import { byCursor, byOffset, id, name, season, seasonOrCurrent, slug, version } from "../wire/fields.ts";
import { chosen, lineupFault } from "../wire/lineups.ts";
import { decimal, listOf, moment, nothing, uuid } from "../wire/shapes.ts";

const tags = ["teams"];

const team = z
  .object({
    id: uuid,
    season: z.number(),
    name: z.string(),
    owner: z.object({ id: uuid, username: z.string() }),
    version: z.number(),
    createdAt: moment,
  })
  .meta({ id: "Team" });

const lineup = z
  .object({
    teamId: uuid,
    version: z.number(),
    race: z.object({ season: z.number(), slug: z.string(), name: z.string(), lockAt: moment, isLocked: z.boolean() }),
    drivers: listOf(z.object({ driverId: z.string(), name: z.string(), constructorId: z.string().nullable() })),
    captainId: z.string(),
    cost: decimal,
    budget: decimal,
    remaining: decimal,
    savedAt: moment,
  })
  .meta({ id: "Lineup" });

const savedLineup = z
  .object({
    version: z.number(),
    savedAt: moment,
    cost: decimal,
    driverIds: listOf(z.string()),
    captainId: z.string(),
    fielded: listOf(z.object({ slug: z.string(), name: z.string(), points: decimal.nullable() })).meta({
      description: "The races that it was fielded in. It carries over until it is replaced",
    }),
  })
  .meta({ id: "SavedLineup" });

const myTeam = z
  .object({
    id: uuid,
    season: z.number(),
    name: z.string(),
    createdAt: moment,
    version: z.number(),
    lineup: z.object({ driverIds: listOf(z.string()), captainId: z.string(), savedAt: moment }).nullable(),
    cost: decimal,
    budget: decimal,
    remaining: decimal,
    nextRace: z.object({ slug: z.string(), name: z.string(), lockAt: moment }).nullable(),
    locksInSeconds: z.number().nullable().meta({ description: "By the clock that judges line-ups" }),
  })
  .meta({ id: "MyTeam" });

const lineupCheck = z
  .object({
    race: z.object({ season: z.number(), slug: z.string() }),
    cost: decimal,
    budget: decimal,
    remaining: decimal,
    faults: listOf(lineupFault),
  })
  .meta({ id: "LineupCheck" });

export const teamsRouter = {
  create: userProcedure
    .meta({ creates: true, openapi: { method: "POST", path: "/teams", tags, summary: "Enter a team for a season" } })
    .input(z.strictObject({ season, name: name(3, 50), ...chosen }))
    .output(team)
    .mutation(({ ctx, input }) => createTeam(ctx, input)),

  list: publicProcedure
    .meta({
      caching: "revalidated",
      openapi: { method: "GET", path: "/teams", tags, summary: "Teams, newest first; with mine=true only your own" },
    })
    .input(z.strictObject({ season: season.optional(), mine: z.boolean().optional(), ...byCursor(id) }))
    .output(
      z.object({
        items: listOf(team),
        total: z.number().optional().meta({ description: "Of your own teams only" }),
        nextCursor: z.string().nullable(),
      }),
    )
    .query(({ ctx, input }) => listTeams(ctx, input)),

  byId: publicProcedure
    .meta({ caching: "revalidated", openapi: { method: "GET", path: "/teams/{id}", tags, summary: "One team" } })
    .input(z.strictObject({ id }))
    .output(team)
    .query(({ ctx, input }) => teamById(ctx, input)),

  mine: userProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/teams/mine",
        tags,
        summary: "Your teams with what they cost, what is left, and when they lock",
      },
    })
    .input(z.strictObject({ season: seasonOrCurrent }))
    .output(z.object({ items: listOf(myTeam) }))
    .query(async ({ ctx, input }) => myTeams(ctx, await withSeason(ctx, input))),

  rename: userProcedure
    .meta({ openapi: { method: "PATCH", path: "/teams/{id}", tags, summary: "Give your team another name" } })
    .input(z.strictObject({ id, name: name(3, 50), version: version.optional() }))
    .output(team)
    .mutation(({ ctx, input }) => renameTeam(ctx, input)),

  remove: userProcedure
    .meta({
      openapi: {
        method: "DELETE",
        path: "/teams/{id}",
        tags,
        summary: "Take your team out of the game",
        description:
          "It leaves its leagues and makes room for another. A league of yours with others in it is to be handed over first; one with nobody else in it is closed.",
      },
    })
    .input(z.strictObject({ id, version: version.optional() }))
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await removeTeam(ctx, input);
      return {};
    }),

  setLineup: userProcedure
    .meta({
      limit: "lineup",
      openapi: {
        method: "PUT",
        path: "/teams/{id}/lineup",
        tags,
        summary: "Replace a team's line-up for the next open race",
      },
    })
    .input(z.strictObject({ id, ...chosen, version }))
    .output(team)
    .mutation(({ ctx, input }) => setLineup(ctx, input)),

  lineup: publicProcedure
    .meta({
      caching: "revalidated",
      openapi: {
        method: "GET",
        path: "/teams/{id}/lineup",
        tags,
        summary: "A team's line-up for a race; before the lock its owner's alone",
      },
    })
    .input(z.strictObject({ id, race: slug.optional() }))
    .output(lineup)
    .query(async ({ ctx, input: { id: teamId, race } }) => {
      if (race === undefined) return lineupOf(ctx, { teamId });
      const { season: year } = await teamById(ctx, { id: teamId });
      return lineupOf(ctx, { teamId, race: { season: year, slug: race } });
    }),

  lineups: userProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/teams/{id}/lineups",
        tags,
        summary:
          "Every line-up that you saved for a team, newest first, with the races it was fielded in and its points",
      },
    })
    .input(z.strictObject({ id, ...byOffset }))
    .output(z.object({ items: listOf(savedLineup), total: z.number() }))
    .query(({ ctx, input }) => lineupHistory(ctx, input)),

  checkLineup: publicProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/teams/lineup/check",
        tags,
        summary: "What saving a line-up would say, without saving it",
      },
    })
    .input(z.strictObject({ season, ...chosen }))
    .output(lineupCheck)
    .query(({ ctx, input }) => checkLineup(ctx, input)),
} satisfies TRPCRouterRecord;
