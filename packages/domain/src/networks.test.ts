import { expect, test } from "vitest";
import { networkOf, truncatedAddress } from "./networks.ts";

test.for([
  [null, "unknown", null],
  ["192.0.2.1", "192.0.2.1", "192.0.2.0"],
  ["192.0.2.177", "192.0.2.177", "192.0.2.0"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::"],
  ["2001:0db8:0001:0002::9", "2001:db8:1:2::/64", "2001:db8:1::"],
  ["2001:db8::1", "2001:db8:0:0::/64", "2001:db8:0::"],
  ["::1", "0:0:0:0::/64", "0:0:0::"],
  ["2001:db8::", "2001:db8:0:0::/64", "2001:db8:0::"],
  ["2001::3:4:5:6:7", "2001:0:0:3::/64", "2001:0:0::"],
] as const)("%s is counted as %s and shown as %s", ([address, network, shown]) => {
  expect(networkOf(address)).toBe(network);
  expect(truncatedAddress(address)).toBe(shown);
});
