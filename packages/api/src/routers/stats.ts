import { publicStats } from "@pitwall/services/stats/public";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { publicProcedure } from "../trpc.ts";
import { moment } from "../wire/shapes.ts";

const stats = z
  .object({ users: z.number(), teams: z.number(), leagues: z.number(), updatedAt: moment.nullable() })
  .meta({ id: "Stats" });

export const statsRouter = {
  public: publicProcedure
    .meta({
      caching: "minute",
      isReady: true,
      openapi: { method: "GET", path: "/stats", tags: ["stats"], summary: "How many take part" },
    })
    .output(stats)
    .query(({ ctx }) => publicStats(ctx)),
} satisfies TRPCRouterRecord;
