import type { IncomingHttpHeaders } from "node:http";
import {
  type ApiContext,
  type Counted,
  faultOf,
  isOurs,
  PublicError,
  type RateLimits,
  type SessionCookies,
} from "@pitwall/api";
import type { Db } from "@pitwall/db/database";
import { DomainError } from "@pitwall/domain/domain-error";
import { authenticate } from "@pitwall/services/auth/authenticate";
import type { AccountContext, Actor } from "@pitwall/services/context";
import type { Context } from "hono";
import { addressReader } from "./addresses.ts";
import { type BorneTokens, bearsCookies, borneTokens, clearedCookies, keptCookies } from "./cookies.ts";
import { idempotencyKey } from "./idempotency.ts";
import type { Parts } from "./parts.ts";

/** What is known of one request while it is answered. */
export interface AppEnv {
  Bindings: {
    readonly incoming?: {
      readonly socket: { readonly remoteAddress?: string | undefined; readonly localPort?: number | undefined };
      /** As Node read them. */
      readonly headers?: IncomingHttpHeaders;
    };
  };
  Variables: {
    requestId: string;
    /** The last count under each limit, since a batch is counted call by call. */
    counts: Map<string, Counted>;
    /** What the answer does to the browser's cookies, as `Set-Cookie` lines; of a batch, what was done last. */
    setCookies?: readonly string[];
    /** Nothing was done: the answer is that of a time before. */
    isReplayed?: true;
    address: string | null;
    /** The answer, where it is given in parts. */
    parts?: Parts;
    /** Of a procedure that stands on REST, once it is found. */
    route?: string;
    actor: Actor;
    /** Gives the answer minutes instead of seconds. */
    takeLong: () => void;
  };
}

export type Asking = Context<AppEnv>;

export interface ContextSources {
  /** Everything a service may touch; who speaks is found out for each request. */
  readonly services: Omit<AccountContext, "actor">;
  /** Null: nobody is slowed down. */
  readonly limits: RateLimits | null;
  /** Connections on which statements may take minutes. Left out, all may. */
  readonly patient?: Db | undefined;
}

interface Door extends ContextSources {
  readonly onChanged: () => void;
  /** Throws if cookies do not count for the page that asks. */
  readonly admit: (c: Asking) => void;
}

/** How a procedure is asked for. */
interface Call {
  readonly isStreamed: boolean;
  /** How many there are in the same request. */
  readonly calls: number;
}

/** Makes what a procedure is called with. Whatever goes wrong here has been logged, and is fit to leave. */
export function contextMaker({
  services,
  patient,
  limits,
  admit,
  onChanged,
}: Door): (c: Asking, call?: Call) => Promise<ApiContext> {
  return async (c, { isStreamed, calls } = { isStreamed: false, calls: 1 }) => {
    const arrivedAt = performance.now();
    const requestId = c.get("requestId");
    const origin = { address: c.get("address"), device: c.req.header("user-agent") ?? null };
    try {
      const authorization = c.req.header("authorization");
      const borne = borneTokens(c.req.raw.headers);
      const isByCookie = authorization === undefined && bearsCookies(borne);
      if (isByCookie && !isReading(c)) admit(c);
      const key = isReading(c) ? null : idempotencyKey(c.req.raw.headers, calls);
      const idempotency = key === null ? null : { key, onReplayed: () => c.set("isReplayed", true) };
      const token = authorization === undefined ? borne.access : bearerToken(authorization);
      const known = token === null ? null : await authenticate(services, token);
      const actor: Actor = known ?? { kind: "guest", ...origin };
      c.set("actor", actor);
      const isTokenRefused = token !== null && known === null;
      const onCounted = (counted: Counted) => c.get("counts").set(counted.limit, counted);
      const cookies = cookiesOf(c, borne, { nameSpeaker: isByCookie && known !== null, admit, isStreamed });
      const patiently = patient ? () => withTime(c, patient) : null;
      const asked = { requestId, origin, isTokenRefused, cookies, idempotency, onCounted };
      return { ...services, actor, arrivedAt, limits, onChanged, patiently, ready: null, ...asked };
    } catch (error) {
      const refusal = publicError(services, error, requestId);
      const { status, reason } = refusal.fault;
      if (status === 403) services.log.info("a request was refused", { requestId, reason });
      throw refusal;
    }
  };
}

function withTime(c: Asking, patient: Db): Db {
  c.get("takeLong")();
  return patient;
}

/** What is no bearer token is "", which opens nothing. */
function bearerToken(authorization: string): string {
  const [, token = ""] = /^Bearer ([\w.~+/=-]+)$/i.exec(authorization) ?? [];
  return token;
}

export function isReading(c: Asking): boolean {
  return c.req.method === "GET" || c.req.method === "HEAD";
}

interface CookieTerms extends Pick<Door, "admit"> {
  readonly nameSpeaker: boolean;
  readonly isStreamed: boolean;
}

function cookiesOf(c: Asking, borne: BorneTokens, { nameSpeaker, admit, isStreamed }: CookieTerms): SessionCookies {
  return {
    nameSpeaker,
    refreshToken: borne.refresh,
    admit() {
      admit(c);
      if (isStreamed) throw headIsGone();
    },
    keep: (tokens) => c.set("setCookies", keptCookies(tokens)),
    clear: () => c.set("setCookies", clearedCookies()),
  };
}

function headIsGone(): DomainError {
  return new DomainError(
    "malformed",
    "auth.no_cookies_here",
    "An answer that is streamed cannot set cookies. Ask without application/jsonl.",
  );
}

/** Logs what is ours to mend, and leaves only what may be told. */
export function publicError({ log }: Pick<AccountContext, "log">, error: unknown, requestId: string): PublicError {
  if (error instanceof PublicError) return error;
  const fault = faultOf(error);
  if (isOurs(fault)) log.error("a request failed", { requestId, error });
  return new PublicError(fault, requestId);
}

/** Fills in where each request comes from. */
export function addressOf(trustedProxies: readonly string[]): AddressOf {
  const read = addressReader(trustedProxies);
  return (request, env) => read(env?.incoming?.socket?.remoteAddress, headerOf("x-forwarded-for", request, env));
}

/** What was said under this name, which is in small letters. Node has read it already; the library would judge the name first. */
export function headerOf(name: string, { headers }: Request, env: AppEnv["Bindings"] | undefined): string | undefined {
  const read = env?.incoming?.headers;
  const said = read ? read[name] : headers.get(name);
  return typeof said === "string" ? said : undefined;
}

export type AddressOf = (request: Request, env: AppEnv["Bindings"] | undefined) => string | null;
