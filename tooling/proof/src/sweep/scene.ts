import type { Database } from "@pitwall/db/database";
import type { Place } from "./places.ts";

/** How a write ended for whoever asked for it. */
export type Ending = "done" | "unavailable" | { readonly wrong: string };

/** A way in which something is written. */
export interface WritePath {
  readonly name: string;
  /** What doing it again may leave twice, because only who hears the answer knows of it: a session, a mailed link. */
  readonly spares?: readonly string[];
  /** It answers before it has been done, so that its answer tells nobody's secrets. */
  readonly promisesNothing?: boolean;
  /** It is no one transaction: every step of it commits, and what is left over is done by the next who does it. */
  readonly inSteps?: boolean;
  /** Doing it again when it is done says so once more, in the audit trail or in a second copy. */
  readonly isDoneEachTime?: boolean;
}

/** Somebody in a place, who can do what is written there. */
export interface Player {
  /** Comes before each path, over a whole wire. */
  ready(path: string): Promise<void>;
  act(path: string): Promise<Ending>;
  /** What a client does who did not hear the answer. */
  again(path: string): Promise<Ending>;
  leave(): Promise<void>;
}

/** A world, and everything that is written in it, in the order in which it can be. */
export interface Scene {
  readonly name: string;
  readonly paths: readonly WritePath[];
  /** Null begins with an empty database. */
  /** The oracle would find what was put there to be found. */
  readonly isUnsound?: boolean;
  readonly setUp: ((database: Database) => Promise<void>) | null;
  enter(place: Place): Promise<Player>;
}
