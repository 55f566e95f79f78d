import { createHash } from "node:crypto";
import type { ServiceContext } from "@pitwall/services/context";
import { onlyOnce } from "@pitwall/services/idempotency";
import { TRPCError } from "@trpc/server";
import superjson from "superjson";

/** What a caller says so that a call is done once, however often it is sent. */
export interface Idempotency {
  readonly key: string;
  /** Hears that the answer is that of a time before. */
  readonly onReplayed: () => void;
}

export interface KeyedWork extends Idempotency {
  readonly path: string;
  readonly input: unknown;
}

/** The answer of `work`, or of the first time that the same was asked under the same key. What fails is not kept. */
export async function answeredOnce(
  ctx: ServiceContext,
  { key, path: procedure, input, onReplayed }: KeyedWork,
  work: (db: ServiceContext["db"]) => Promise<unknown>,
): Promise<unknown> {
  const call = { key, procedure, digest: digestOf(input) };
  const { answer, isReplayed } = await onlyOnce(ctx, call, async (db) => superjson.stringify(await work(db)));
  if (isReplayed) onReplayed();
  return superjson.parse(answer);
}

/** The same for all ways to write the same: the order of fields says nothing. */
function digestOf(input: unknown): string {
  return createHash("sha256")
    .update(written(input) ?? "")
    .digest("base64url");
}

function written(input: unknown): string | undefined {
  try {
    return JSON.stringify(input, (_field, value: unknown) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    );
  } catch (error) {
    // JSON is read however deep it is nested, but not written.
    if (error instanceof RangeError) throw new TRPCError({ code: "BAD_REQUEST" });
    throw error;
  }
}
