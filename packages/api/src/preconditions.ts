import { TRPCError } from "@trpc/server";
import { doorFaults, type PublicFault } from "./errors.ts";
import type { Route } from "./routes.ts";

// An entity tag of ours begins with the version of the thing. What follows stands for all the rest that is told of it, which
// caches need to know, and which whoever changes the thing need not have seen.

const TAG = /^(?:W\/)?"([1-9]\d{0,8})(?:-[\w-]*)?"$/;

/** The tag of what has a version. */
export function versionTag(data: unknown): { etag?: string } {
  if (typeof data !== "object" || data === null || !("version" in data) || !Number.isInteger(data.version)) return {};
  return { etag: `"${data.version}"` };
}

/**
 * The version that If-Match means, as a field of the input. What takes no version never is as one may have read it, so
 * nothing is done.
 */
export function versionMeant(request: Request, route: Pick<Route, "input">, body: object): { version?: number } {
  const said = request.headers.get("if-match");
  if (said === null || said === "*") return {};
  const version = Number(TAG.exec(said)?.[1]);
  if (!takesVersion(route) || Number.isNaN(version) || ("version" in body && body.version !== version))
    throw new TRPCError({ code: "PRECONDITION_FAILED" });
  return { version };
}

export function takesVersion({ input }: Pick<Route, "input">): boolean {
  return input !== null && Object.hasOwn(input.shape, "version");
}

/** That a version is not the one that is there, as who said it by If-Match expects to hear it. */
export function asPrecondition(request: Request, fault: PublicFault): PublicFault {
  const isStale = request.headers.has("if-match") && fault.reason.endsWith(".version_stale");
  return isStale ? { ...doorFaults.outdated, message: fault.message } : fault;
}
