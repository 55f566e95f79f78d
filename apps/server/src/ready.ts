import { randomUUID } from "node:crypto";
import { addressIn, type Counted, countCall, type RateLimits, type ReadyAnswer } from "@pitwall/api";
import type { Cache } from "@pitwall/cache/cache";
import type { Ready } from "@pitwall/cache/ready";
import { type Compressor, type Encoding, encodingFor } from "./compression.ts";
import { answered, type Frame, GUEST } from "./frame.ts";
import { EXPOSED, isKnown, limitHeaders, SECURITY, tagOf, VARY } from "./headers.ts";
import { type AppEnv, headerOf } from "./requests.ts";

export interface AtTheDoor {
  readonly ready: Ready<ReadyAnswer>;
  readonly cache: Cache;
  readonly limits: RateLimits | null;
  readonly frame: Frame;
  readonly compressor: Compressor;
  readonly prefix: string;
}

type Door = (request: Request, env?: AppEnv["Bindings"]) => Promise<Response | null>;

/** What comes with it says who asks, from which page, or brings a body: that is for the app to judge. */
const FOR_THE_APP = ["authorization", "cookie", "origin", "content-length", "transfer-encoding"];

/**
 * Answers a guest with what is ready, in the words that the app would use, after counting the call; null where the app is to
 * be asked. Nothing is known here of routes: what is ready has been asked for at the same address before.
 */
export function answersAtTheDoor({ ready, cache, limits, frame, compressor, prefix }: AtTheDoor): Door {
  const { health, stopwatch, addressOf } = frame;
  const prepared = new WeakMap<ReadyAnswer, Prepared>();

  function preparedOf(answer: ReadyAnswer): Prepared {
    const known = prepared.get(answer);
    if (known) return known;
    const made = prepare(answer);
    prepared.set(answer, made);
    return made;
  }

  return async (request, env) => {
    const { method } = request;
    if ((method !== "GET" && method !== "HEAD") || !health.isOpen || health.isClosing) return null;
    const target = addressIn(request);
    const answer = ready.get(target);
    if (!answer || FOR_THE_APP.some((name) => headerOf(name, request, env) !== undefined)) return null;
    const startedAt = performance.now();
    const address = addressOf(request, env);
    const origin = { address, device: null };
    const counts: Counted[] = [];
    const onCounted = (counted: Counted) => void counts.push(counted);
    // A refused call is not counted, so the app may refuse it again.
    const isCounted = await countCall({ cache, limits, origin, onCounted, actor: { kind: "guest", ...origin } }).then(
      () => true,
      () => false,
    );
    if (!isCounted) return null;
    stopwatch.begin();
    const known = preparedOf(answer);
    const encoding = method === "HEAD" ? null : encodingFor(headerOf("accept-encoding", request, env));
    const plain = isKnown(headerOf("if-none-match", request, env), known.etag) ? known.unchanged : known.whole;
    const isPacked = encoding !== null && plain.body !== null;
    const form = isPacked ? (known.small.get(encoding) ?? (await pack(known, encoding, compressor))) : plain;
    const requestId = randomUUID();
    const headers = { ...form.headers, ...limitHeaders(counts), "x-request-id": requestId };
    const [path = ""] = target.split("?");
    const lap = {
      route: `${prefix}${answer.template}`,
      method,
      status: form.status,
      ms: performance.now() - startedAt,
    };
    answered(frame, lap, { requestId, path, actor: GUEST, address });
    return new Response(method === "HEAD" ? null : form.body, { status: form.status, headers });
  };
}

/** One of the ways in which the same answer is sent. */
interface Form {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer<ArrayBuffer> | null;
}

function prepare({
  headers: { "content-type": type = "", "content-length": length = "", ...said },
  body,
}: ReadyAnswer) {
  const etag = tagOf(body, said.etag ?? null);
  const headers = { ...SECURITY, ...said, etag, "access-control-expose-headers": EXPOSED.join(",") };
  const whole = { ...headers, "content-type": type, vary: `${VARY}, accept-encoding, Origin` };
  return {
    etag,
    whole: { status: 200, headers: { ...whole, "content-length": length }, body: Buffer.from(body) },
    unchanged: { status: 304, headers: { ...headers, vary: `${VARY}, Origin` }, body: null },
    packed: whole,
    small: new Map<Encoding, Form>(),
  };
}

type Prepared = ReturnType<typeof prepare>;

async function pack(
  { etag, whole, packed, small }: Prepared,
  encoding: Encoding,
  compressor: Compressor,
): Promise<Form> {
  const body = await compressor.small(encoding, whole.body, etag);
  const form = body
    ? { status: 200, headers: { ...packed, "content-encoding": encoding, etag: `W/${etag}` }, body }
    : whole;
  small.set(encoding, form);
  return form;
}
