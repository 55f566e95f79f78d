import { endSession, sessionsOf } from "@pitwall/services/auth/listing";
import { login, logout, logoutAll, refresh, register } from "@pitwall/services/auth/sign-in";
import { me } from "@pitwall/services/users";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { openProcedure, userProcedure } from "../trpc.ts";
import { id, name, text } from "../wire/fields.ts";
import { listOf, moment, nothing, uuid } from "../wire/shapes.ts";
import { ownProfile } from "../wire/users.ts";

const tags = ["auth"];

/** What is wrong with a name or a password is said by the rules of accounts; only what nobody could mean is refused here. */
const registration = z.strictObject({
  username: text(200),
  email: z.email().max(254),
  password: text(1024),
  fullName: name(1, 100).optional(),
});

const signedIn = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  tokenType: z.literal("bearer"),
  expiresIn: z.number().meta({ description: "Of the access token, in seconds" }),
  user: ownProfile,
});

const session = z.object({
  id: uuid,
  device: z.string().nullable(),
  address: z.string().nullable(),
  startedAt: moment,
  lastSeenAt: moment,
  isCurrent: z.boolean(),
});

export const authRouter = {
  register: openProcedure
    .meta({
      creates: true,
      limit: "register",
      openapi: { method: "POST", path: "/auth/register", tags, summary: "Open an account and sign in" },
    })
    .input(registration)
    .output(signedIn)
    .mutation(({ ctx, input }) => register(ctx, input)),

  login: openProcedure
    .meta({
      limit: "signIn",
      openapi: { method: "POST", path: "/auth/login", tags, summary: "Sign in with a username or an e-mail address" },
    })
    .input(z.strictObject({ login: text(254), password: text(1024) }))
    .output(signedIn)
    .mutation(({ ctx, input }) => login(ctx, input)),

  refresh: openProcedure
    .meta({
      openapi: { method: "POST", path: "/auth/refresh", tags, summary: "Change a refresh token for the next, once" },
    })
    .input(z.strictObject({ refreshToken: text(200) }))
    .output(signedIn)
    .mutation(({ ctx, input }) => refresh(ctx, input)),

  logout: userProcedure
    .meta({ openapi: { method: "POST", path: "/auth/logout", tags, summary: "End this session, its tokens included" } })
    .output(nothing)
    .mutation(async ({ ctx }) => {
      await logout(ctx);
      return {};
    }),

  logoutAll: userProcedure
    .meta({ openapi: { method: "POST", path: "/auth/logout-all", tags, summary: "End all of your sessions" } })
    .output(nothing)
    .mutation(async ({ ctx }) => {
      await logoutAll(ctx);
      return {};
    }),

  me: userProcedure
    .meta({ openapi: { method: "GET", path: "/auth/me", tags, summary: "Who you are" } })
    .output(ownProfile)
    .query(({ ctx }) => me(ctx)),

  sessions: userProcedure
    .meta({ openapi: { method: "GET", path: "/auth/sessions", tags, summary: "Where you are signed in" } })
    .output(z.object({ items: listOf(session) }))
    .query(({ ctx }) => sessionsOf(ctx)),

  endSession: userProcedure
    .meta({ openapi: { method: "DELETE", path: "/auth/sessions/{id}", tags, summary: "End one of your sessions" } })
    .input(z.strictObject({ id }))
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await endSession(ctx, input);
      return {};
    }),
} satisfies TRPCRouterRecord;
