import { removeAccount } from "@pitwall/services/auth/removal";
import { me, searchUsers, updateProfile, userByUsername } from "@pitwall/services/users";
import { exportMyData } from "@pitwall/services/users/export";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { forgetSession } from "../session-cookies.ts";
import { publicProcedure, userProcedure } from "../trpc.ts";
import { byOffset, name, text } from "../wire/fields.ts";
import { listOf, nothing } from "../wire/shapes.ts";
import { foundUser, myData, ownProfile, publicProfile } from "../wire/users.ts";

const tags = ["users"];

export const usersRouter = {
  me: userProcedure
    .meta({ openapi: { method: "GET", path: "/users/me", tags, summary: "Your own profile" } })
    .output(ownProfile)
    .query(({ ctx }) => me(ctx)),

  update: userProcedure
    .meta({ openapi: { method: "PATCH", path: "/users/me", tags, summary: "Change your full name, or take it away" } })
    .input(z.strictObject({ fullName: name(1, 100).nullable().optional() }))
    .output(ownProfile)
    .mutation(({ ctx, input }) => updateProfile(ctx, input)),

  remove: userProcedure
    .meta({
      takesNoKey: true,
      limit: "signIn",
      openapi: {
        method: "DELETE",
        path: "/users/me",
        tags,
        summary: "Delete your account for good",
        description:
          "Everything personal is erased. Your teams and their scores stay, as a deleted user's. A league of yours goes to its longest-standing manager, else member.",
      },
    })
    .input(z.strictObject({ password: text(1024) }))
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await removeAccount(ctx, input);
      forgetSession(ctx.cookies);
      return {};
    }),

  export: userProcedure
    .meta({ openapi: { method: "GET", path: "/users/me/export", tags, summary: "Everything that is stored of you" } })
    .output(myData)
    .query(({ ctx }) => exportMyData(ctx)),

  search: userProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/users",
        tags,
        summary: "Users by a part of their name",
        description: "Of two letters, those whose names, or words in them, begin with them.",
      },
    })
    .input(
      z.strictObject({
        search: text(100).regex(/[\p{L}\p{N}]{2}/u, "Give at least two letters or digits in a row"),
        ...byOffset,
      }),
    )
    .output(z.object({ items: listOf(foundUser) }))
    .query(({ ctx, input }) => searchUsers(ctx, input)),

  byUsername: publicProcedure
    .meta({
      caching: "revalidated",
      openapi: { method: "GET", path: "/users/{username}", tags, summary: "What everybody may know of a user" },
    })
    .input(z.strictObject({ username: text(50) }))
    .output(publicProfile)
    .query(({ ctx, input }) => userByUsername(ctx, input)),
} satisfies TRPCRouterRecord;
