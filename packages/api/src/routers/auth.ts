import { changeEmail, requestEmailVerification, verifyEmail } from "@pitwall/services/auth/addresses";
import { endSession, sessionsOf } from "@pitwall/services/auth/listing";
import { changePassword, forgotPassword, resetPassword } from "@pitwall/services/auth/password-changes";
import { login, logout, logoutAll, refresh, register } from "@pitwall/services/auth/sign-in";
import { me } from "@pitwall/services/users";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { deliveryOf, forgetSession, refreshByCookie } from "../session-cookies.ts";
import { openProcedure, userProcedure } from "../trpc.ts";
import { id, name, text } from "../wire/fields.ts";
import { listOf, moment, nothing, uuid } from "../wire/shapes.ts";
import { ownProfile } from "../wire/users.ts";

const tags = ["auth"];

const address = z.email().max(254);

/** For browsers: the tokens travel in cookies that no script can read. */
const wantsCookies = z.boolean().optional().meta({ description: "In a browser: keep the tokens in cookies" });

/** What is wrong with a name or a password is said by the rules of accounts; only what nobody could mean is refused here. */
const registration = z.strictObject({
  username: text(200),
  email: address,
  password: text(1024),
  fullName: name(1, 100).optional(),
  cookies: wantsCookies,
});

const signedIn = z
  .object({
    accessToken: z.string().meta({ description: "Empty when it travels in a cookie" }),
    refreshToken: z.string().meta({ description: "Empty when it travels in a cookie" }),
    tokenType: z.enum(["bearer", "cookie"]),
    expiresIn: z.number().meta({ description: "Of the access token, in seconds" }),
    user: ownProfile,
  })
  .meta({ id: "SignedIn" });

/** Of a mailed link. */
const token = text(200);

const session = z
  .object({
    id: uuid,
    device: z.string().nullable(),
    address: z.string().nullable(),
    startedAt: moment,
    lastSeenAt: moment,
    isCurrent: z.boolean(),
  })
  .meta({ id: "Session" });

export const authRouter = {
  register: openProcedure
    .meta({
      creates: true,
      limit: "register",
      openapi: { method: "POST", path: "/auth/register", tags, summary: "Open an account and sign in" },
    })
    .input(registration)
    .output(signedIn)
    .mutation(async ({ ctx, input: { cookies = false, ...registration } }) => {
      const deliver = deliveryOf(ctx.cookies, cookies);
      return deliver(await register(ctx, registration));
    }),

  login: openProcedure
    .meta({
      limit: "signIn",
      openapi: { method: "POST", path: "/auth/login", tags, summary: "Sign in with a username or an e-mail address" },
    })
    .input(z.strictObject({ login: text(254), password: text(1024), cookies: wantsCookies }))
    .output(signedIn)
    .mutation(async ({ ctx, input: { cookies = false, ...credentials } }) => {
      const deliver = deliveryOf(ctx.cookies, cookies);
      return deliver(await login(ctx, credentials));
    }),

  refresh: openProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/auth/refresh",
        tags,
        summary: "Change a refresh token for the next, once",
        description: "Without one, that of the cookie is changed, and the next travels in a cookie again.",
      },
    })
    .input(z.strictObject({ refreshToken: text(200).optional() }))
    .output(signedIn)
    .mutation(({ ctx, input: { refreshToken } }) =>
      refreshToken === undefined
        ? refreshByCookie(ctx.cookies, (refreshToken) => refresh(ctx, { refreshToken }))
        : refresh(ctx, { refreshToken }),
    ),

  logout: userProcedure
    .meta({
      takesNoKey: true,
      openapi: { method: "POST", path: "/auth/logout", tags, summary: "End this session, its tokens included" },
    })
    .output(nothing)
    .mutation(async ({ ctx }) => {
      await logout(ctx);
      forgetSession(ctx.cookies);
      return {};
    }),

  logoutAll: userProcedure
    .meta({
      takesNoKey: true,
      openapi: { method: "POST", path: "/auth/logout-all", tags, summary: "End all of your sessions" },
    })
    .output(nothing)
    .mutation(async ({ ctx }) => {
      await logoutAll(ctx);
      forgetSession(ctx.cookies);
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
    .meta({
      takesNoKey: true,
      openapi: { method: "DELETE", path: "/auth/sessions/{id}", tags, summary: "End one of your sessions" },
    })
    .input(z.strictObject({ id }))
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await endSession(ctx, input);
      return {};
    }),

  changePassword: userProcedure
    .meta({
      takesNoKey: true,
      openapi: {
        method: "POST",
        path: "/auth/password/change",
        tags,
        summary: "Change your password, and end all other sessions",
        description: "This session goes on with the tokens of the answer, or with new cookies if it came by cookie.",
      },
    })
    .input(z.strictObject({ oldPassword: text(1024), newPassword: text(1024) }))
    .output(signedIn)
    .mutation(async ({ ctx, input }) => {
      const deliver = deliveryOf(ctx.cookies, ctx.cookies?.nameSpeaker ?? false);
      return deliver(await changePassword(ctx, input));
    }),

  forgotPassword: openProcedure
    .meta({
      limit: "mail",
      openapi: {
        method: "POST",
        path: "/auth/password/forgot",
        tags,
        summary: "Ask for a link for a new password",
        description: "The answer is the same whether anybody has this address or not.",
      },
    })
    .input(z.strictObject({ email: address }))
    .output(nothing)
    .mutation(({ ctx, input }) => {
      forgotPassword(ctx, input);
      return {};
    }),

  resetPassword: openProcedure
    .meta({
      limit: "link",
      openapi: {
        method: "POST",
        path: "/auth/password/reset",
        tags,
        summary: "Set a new password by a mailed link, and end all sessions",
      },
    })
    .input(z.strictObject({ token, newPassword: text(1024) }))
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await resetPassword(ctx, input);
      return {};
    }),

  verifyEmail: openProcedure
    .meta({
      limit: "link",
      openapi: {
        method: "POST",
        path: "/auth/email/verify",
        tags,
        summary: "Confirm an e-mail address by a mailed link, also a changed one",
      },
    })
    .input(z.strictObject({ token }))
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await verifyEmail(ctx, input);
      return {};
    }),

  resendVerification: userProcedure
    .meta({
      takesNoKey: true,
      limit: "mail",
      openapi: {
        method: "POST",
        path: "/auth/email/resend",
        tags,
        summary: "Ask again for the link that confirms your e-mail address",
      },
    })
    .output(nothing)
    .mutation(async ({ ctx }) => {
      await requestEmailVerification(ctx);
      return {};
    }),

  changeEmail: userProcedure
    .meta({
      takesNoKey: true,
      limit: "mail",
      openapi: {
        method: "POST",
        path: "/auth/email/change",
        tags,
        summary: "Ask for another e-mail address",
        description: "It changes once the link that goes to the new address is used.",
      },
    })
    .input(z.strictObject({ newEmail: address, password: text(1024) }))
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await changeEmail(ctx, input);
      return {};
    }),
} satisfies TRPCRouterRecord;
