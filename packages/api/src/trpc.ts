import { DomainError } from "@pitwall/domain/domain-error";
import { truncatedAddress } from "@pitwall/domain/networks";
import { withFacts } from "@pitwall/services/log";
import { initTRPC } from "@trpc/server";
import { middlewareMarker } from "@trpc/server/unstable-core-do-not-import";
import superjson from "superjson";
import type { ApiContext } from "./context.ts";
import { faultOf, isOurs, PublicError } from "./errors.ts";
import { answeredOnce } from "./idempotency.ts";
import { countCall } from "./limits.ts";
import type { Meta, PublicErrorShape } from "./meta.ts";

const t = initTRPC
  .context<ApiContext>()
  .meta<Meta>()
  .create({
    transformer: superjson,
    isDev: false,
    errorFormatter({ error, shape, path, ctx }): PublicErrorShape {
      const { code, status, reason, message, errors, retryAfterSeconds } = faultOf(error);
      const requestId = error instanceof PublicError ? error.requestId : (ctx?.requestId ?? "");
      return {
        message,
        code: shape.code,
        data: {
          code,
          httpStatus: status,
          ...(path !== undefined && { path }),
          reason,
          requestId,
          errors: [...errors],
          ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
        },
      };
    },
  });

export const { router, createCallerFactory } = t;

/**
 * Every error leaves by this door, whichever way the procedure was called; and whatever is said to the log on the way says
 * which request it belongs to.
 */
const speaking = t.procedure.use(async ({ ctx, path, next }) => {
  const { requestId, origin } = ctx;
  const log = withFacts(ctx.log, { requestId, procedure: path, address: truncatedAddress(origin.address) });
  const result = await next({ ctx: { log } });
  if (result.ok) return result;
  const fault = faultOf(result.error);
  if (fault.status === 403 || fault.status === 429)
    log.info("a call was refused", {
      reason: fault.reason,
      actorId: ctx.actor.kind === "user" || ctx.actor.kind === "admin" ? ctx.actor.userId : null,
    });
  if (isOurs(fault)) log.error("a procedure failed", { error: result.error.cause ?? result.error });
  throw new PublicError(fault, ctx.requestId);
});

/** Proves who somebody is: what they were before does not count. */
export const openProcedure = speaking.meta({ who: "anyone", ignoresToken: true }).use(async ({ ctx, meta, next }) => {
  const stranger = { ...ctx, actor: { kind: "guest", ...ctx.origin } } as const;
  const settle = await countCall(stranger, meta?.limit);
  const result = await next({ ctx: stranger });
  await settle(result.ok);
  return result;
});

const counted = speaking.use(async ({ ctx, meta, next }) => {
  const settle = await countCall(ctx, meta?.limit);
  if (ctx.isTokenRefused)
    throw new DomainError(
      "unauthenticated",
      "auth.token_invalid",
      "This sign-in is over. Refresh it, or sign in again.",
    );
  const result = await next();
  await settle(result.ok);
  return result;
});

/** Has what is the same for everybody made as for a guest, and for many at once. Each call has been counted before. */
const readily = t.middleware(async ({ ctx, meta, next }) => {
  if (!meta?.isReady || !ctx.ready) return next();
  const data = await ctx.ready(async () => {
    const result = await next({ ctx: { ...ctx, actor: { kind: "guest", address: null, device: null } } });
    if (!result.ok) throw result.error;
    return result.data;
  });
  return { ok: true, data, marker: middlewareMarker };
});

/** For everybody. A token that came along must be good all the same: what its bearer may see might be more. */
export const publicProcedure = counted.meta({ who: "anyone" }).use(readily);

const signedIn = counted.use(({ ctx, next }) => {
  if (ctx.actor.kind === "guest")
    throw new DomainError("unauthenticated", "auth.required", "Sign in first: this needs an account.");
  return next();
});

/**
 * Has a call with a key done once: within a transaction that services join without knowing, which ends with its answer
 * being kept. Comes last, when it is known who speaks.
 */
const once = t.middleware(async ({ ctx, type, path, meta, getRawInput, next }) => {
  const { idempotency, actor } = ctx;
  if (type !== "mutation" || !idempotency || meta?.takesNoKey || actor.kind === "guest" || actor.kind === "system")
    return next();
  const call = { ...idempotency, path, input: await getRawInput() };
  const data = await answeredOnce(ctx, call, async (db) => {
    const result = await next({ ctx: { ...ctx, db } });
    if (!result.ok) throw result.error;
    return result.data;
  });
  return { ok: true, data, marker: middlewareMarker };
});

export const userProcedure = signedIn.meta({ who: "user" }).use(once);

export const adminProcedure = signedIn
  .meta({ who: "admin" })
  .use(async ({ ctx, type, next }) => {
    if (ctx.actor.kind === "user") throw new DomainError("forbidden", "auth.admin_only", "Only admins may do this.");
    const result = await next();
    if (type === "mutation") ctx.onChanged();
    return result;
  })
  .use(once);
