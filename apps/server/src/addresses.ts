import { BlockList, isIP } from "node:net";
import { recent } from "@pitwall/cache/recent";

const JUDGED = 1_000;

export type AddressReader = (peer: string | undefined, forwardedFor: string | undefined) => string | null;

/**
 * Whose address a request comes from. Anybody can write X-Forwarded-For, so its words count only as far as trusted proxies
 * vouch for them: read from the right, the first that is no such proxy is the client.
 */
export function addressReader(trustedProxies: readonly string[]): AddressReader {
  const trusted = new BlockList();
  for (const network of trustedProxies) {
    const [address = "", bits] = network.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (bits === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(bits), family);
  }
  /** There are few proxies, and each speaks for many. */
  const judged = recent<string, boolean>(JUDGED);
  const judge = (address: string) => trusted.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
  const isTrusted = (address: string) => judged.of(address, judge);

  return (peer, forwardedFor) => {
    let address = peer === undefined ? null : plain(peer);
    for (const word of forwardedFor?.split(",").reverse() ?? []) {
      if (address === null || !isTrusted(address)) break;
      const before = plain(word.trim());
      if (isIP(before) === 0) break;
      address = before;
    }
    return address;
  };
}

/** IPv4 in the clothes of IPv6, and the zone of a link-local address, would make one client look like two. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
}
