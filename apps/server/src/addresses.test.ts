import { describe, expect, test } from "vitest";
import { addressReader } from "./addresses.ts";

describe("whose address a request comes from", () => {
  const read = addressReader(["10.0.0.0/8", "192.0.2.9", "fd00::/8"]);

  test.each([
    { peer: "203.0.113.5", forwarded: undefined, is: "203.0.113.5" },
    { peer: "203.0.113.5", forwarded: "1.1.1.1", is: "203.0.113.5" },
    { peer: "10.1.2.3", forwarded: "1.1.1.1", is: "1.1.1.1" },
    { peer: "::ffff:10.1.2.3", forwarded: "::ffff:1.1.1.1", is: "1.1.1.1" },
    { peer: "10.1.2.3", forwarded: "6.6.6.6, 1.1.1.1", is: "1.1.1.1" },
    { peer: "10.1.2.3", forwarded: "1.1.1.1, 192.0.2.9", is: "1.1.1.1" },
    { peer: "fd00::1", forwarded: "2001:db8::1", is: "2001:db8::1" },
    { peer: "10.1.2.3", forwarded: "1.1.1.1, nonsense", is: "10.1.2.3" },
    { peer: "10.1.2.3", forwarded: "", is: "10.1.2.3" },
    { peer: undefined, forwarded: "1.1.1.1", is: null },
  ])("$forwarded by way of $peer is $is", ({ peer, forwarded, is }) => {
    expect(read(peer, forwarded)).toBe(is);
  });
});
