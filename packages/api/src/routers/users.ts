import { me, userByUsername } from "@pitwall/services/users";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { publicProcedure, userProcedure } from "../trpc.ts";
import { text } from "../wire/fields.ts";
import { ownProfile, publicProfile } from "../wire/users.ts";

const tags = ["users"];

export const usersRouter = {
  me: userProcedure
    .meta({ openapi: { method: "GET", path: "/users/me", tags, summary: "Your own profile" } })
    .output(ownProfile)
    .query(({ ctx }) => me(ctx)),

  byUsername: publicProcedure
    .meta({ openapi: { method: "GET", path: "/users/{username}", tags, summary: "What everybody may know of a user" } })
    .input(z.strictObject({ username: text(50) }))
    .output(publicProfile)
    .query(({ ctx, input }) => userByUsername(ctx, input)),
} satisfies TRPCRouterRecord;
