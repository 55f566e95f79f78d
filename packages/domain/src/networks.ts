/** Whoever has one IPv6 address has 2⁶⁴ of them, so a whole network of that size is one party. */
export function networkOf(address: string | null): string {
  if (address === null) return "unknown";
  return address.includes(":") ? `${groupsOf(address).slice(0, 4).join(":")}::/64` : address;
}

/** Enough to tell networks apart, too little to tell people apart. */
export function truncatedAddress(address: string | null): string | null {
  if (address === null) return null;
  return address.includes(":") ? `${groupsOf(address).slice(0, 3).join(":")}::` : address.replace(/\.\d+$/, ".0");
}

/** The eight groups of an IPv6 address, in one spelling however it was written. */
function groupsOf(address: string): string[] {
  const [head = "", tail] = address.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail ? tail.split(":") : [];
  const missing = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array<string>(Math.max(0, missing)).fill("0"), ...after];
  return groups.map((group) => Number.parseInt(group, 16).toString(16));
}
