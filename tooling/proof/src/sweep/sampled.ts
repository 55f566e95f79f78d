import { createHash } from "node:crypto";
import type { Choice } from "./swept.ts";

/** So many messages of each path, drawn by the seed, and none after the last. */
export function sampled(seed: number, many: number): Choice {
  return (path, statements) => {
    const drawn = new Set(
      Array.from({ length: many }, (_, at) => 1 + (drawnFrom(`${seed} ${path} ${at}`) % statements)),
    );
    return (nth) => drawn.has(nth) || nth > statements + ROOM;
  };
}

/** A connection that begins anew says a few things more. */
const ROOM = 20;

function drawnFrom(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE();
}
