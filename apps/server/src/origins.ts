import { DomainError } from "@pitwall/domain/domain-error";
import type { Asking } from "./requests.ts";

interface OriginSettings {
  readonly publicUrl?: string | undefined;
  readonly corsOrigins: readonly string[];
}

/**
 * Refuses what a foreign page sends with cookies that the browser adds by itself. A page is ours if it comes from the public
 * address or a listed one; the Host of a request proves nothing, since whoever sends it writes it.
 */
export function originGuard({ publicUrl, corsOrigins }: OriginSettings): (c: Asking) => void {
  const own = publicUrl === undefined ? null : new URL(publicUrl).origin;
  return (c) => {
    const origin = c.req.header("origin") ?? "";
    const isOurs = corsOrigins.includes(origin) || (own === null ? isThisMachine(c, origin) : origin === own);
    if (isOurs && c.req.header("sec-fetch-site") !== "cross-site") return;
    throw new DomainError(
      "forbidden",
      "request.foreign_origin",
      "Cookies count only for pages of this server and of the origins that it lists. Send a bearer token instead.",
    );
  };
}

/** Without a public address, people are taken to sit before the machine: the port is the one that was really reached. */
function isThisMachine(c: Asking, origin: string): boolean {
  const port = c.env?.incoming?.socket.localPort;
  return (
    port !== undefined &&
    ["localhost", "127.0.0.1", "[::1]"].some((host) => origin === new URL(`http://${host}:${port}`).origin)
  );
}
