import { DomainError } from "@pitwall/domain/domain-error";
import { truncatedAddress } from "@pitwall/domain/networks";
import { withFacts } from "@pitwall/services/log";
import { initTRPC, TRPCError } from "@trpc/server";
import { middlewareMarker } from "@trpc/server/unstable-core-do-not-import";
import superjson from "superjson";
import type { ApiContext } from "./context.ts";
import { faultOf, isOurs, PublicError } from "./errors.ts";
import { answeredOnce } from "./idempotency.ts";
import { countCall, type Origin, type Settle } from "./limits.ts";
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
 * The one step before every procedure, since each step copies the whole context: the call is counted, whoever may not make it
 * is refused by what the procedure says of itself, and every error leaves by this door, whichever way it was called. Whatever
 * is said to the log on the way says which request it belongs to.
 */
const procedure = t.procedure.use(async ({ ctx: said, path, type, meta = {}, getRawInput, next }) => {
  const { requestId, origin } = said;
  const log = withFacts(said.log, { requestId, procedure: path, address: truncatedAddress(origin.address) });
  const ctx = meta.ignoresToken ? { ...said, log, actor: guestFrom(origin) } : { ...said, log };
  const work: Work = async (changed) => {
    const result = await next({ ctx: changed ? { ...ctx, ...changed } : ctx });
    if (!result.ok) throw result.error;
    return result.data;
  };
  let settle: Settle = null;
  try {
    settle = await countCall(ctx, meta.limit);
    if (ctx.isTokenRefused && !meta.ignoresToken) throw tokenRefused();
    const data = await done({ ctx, path, type, meta, getRawInput }, work);
    if (settle) await settle(true);
    return { ok: true, data, marker: middlewareMarker };
  } catch (error) {
    if (settle) await settle(false);
    // Whoever proves who they are still counts as who they were: the log is to know who was refused.
    throw publicError({ ...said, log }, error);
  }
});

interface Call {
  readonly ctx: ApiContext;
  readonly path: string;
  readonly type: "query" | "mutation" | "subscription";
  readonly meta: Meta;
  readonly getRawInput: () => Promise<unknown>;
}

/** What comes after: the input is read, and the procedure done. */
type Work = (changed?: Partial<ApiContext>) => Promise<unknown>;

async function done(call: Call, work: Work): Promise<unknown> {
  const { ctx, type, meta } = call;
  if (meta.who === "anyone") return meta.isReady && ctx.ready ? readily(ctx.ready, work) : work();
  if (ctx.actor.kind === "guest")
    throw new DomainError("unauthenticated", "auth.required", "Sign in first: this needs an account.");
  if (meta.who === "user") return once(call, work);
  if (ctx.actor.kind === "user") throw new DomainError("forbidden", "auth.admin_only", "Only admins may do this.");
  try {
    const db = meta.takesLong && ctx.patiently?.();
    if (!db) return await once(call, work);
    return await once({ ...call, ctx: { ...ctx, db } }, (changed) => work({ db, ...changed }));
  } finally {
    if (type === "mutation") ctx.onChanged();
  }
}

/** Has what is the same for everybody made as for a guest, and for many at once. */
function readily(ready: NonNullable<ApiContext["ready"]>, work: Work): Promise<unknown> {
  return ready(() => work({ actor: guestFrom({ address: null, device: null }) }));
}

/**
 * Has a call with a key done once: within a transaction that services join without knowing, which ends with its answer
 * being kept. Comes last, when it is known who speaks.
 */
function once({ ctx, type, path, meta, getRawInput }: Call, work: Work): Promise<unknown> {
  const { idempotency, actor } = ctx;
  if (type !== "mutation" || !idempotency || meta.takesNoKey || actor.kind === "guest" || actor.kind === "system")
    return work();
  return getRawInput().then((input) => answeredOnce(ctx, { ...idempotency, path, input }, (db) => work({ db })));
}

function guestFrom(origin: Origin) {
  return { kind: "guest", ...origin } as const;
}

function tokenRefused(): DomainError {
  return new DomainError(
    "unauthenticated",
    "auth.token_invalid",
    "This sign-in is over. Refresh it, or sign in again.",
  );
}

function publicError({ log, actor, requestId }: ApiContext, error: unknown): PublicError {
  const fault = faultOf(error);
  if (fault.status === 403 || fault.status === 429)
    log.info("a call was refused", {
      reason: fault.reason,
      actorId: actor.kind === "user" || actor.kind === "admin" ? actor.userId : null,
    });
  if (isOurs(fault))
    log.error("a procedure failed", { error: error instanceof TRPCError ? (error.cause ?? error) : error });
  return new PublicError(fault, requestId);
}

/** Proves who somebody is: what they were before does not count. */
export const openProcedure = procedure.meta({ who: "anyone", ignoresToken: true });

/** For everybody. A token that came along must be good all the same: what its bearer may see might be more. */
export const publicProcedure = procedure.meta({ who: "anyone" });

export const userProcedure = procedure.meta({ who: "user" });

export const adminProcedure = procedure.meta({ who: "admin" });
