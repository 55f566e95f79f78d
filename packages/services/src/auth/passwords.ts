import { randomBytes } from "node:crypto";
import { normalizedPassword } from "@pitwall/domain/accounts";
import { Argon2id } from "oslo/password";
import { turns } from "./turns.ts";

export interface HashingCost {
  readonly memoryKib: number;
  readonly passes: number;
}

export interface Passwords {
  /** Does work that is going to look at a password. Throws `auth.busy` at once when as many are at it as will get a turn. */
  admit<T>(work: () => Promise<T>): Promise<T>;
  /** Throws a DomainError `auth.busy` when too many wait already, as `matches` does. */
  hash(password: string): Promise<string>;
  /** Without a hash, or with one that is none, the answer is no, and takes as long as any other. */
  matches(hash: string | null, password: string): Promise<boolean>;
  /** Whether a hash was made at another cost than today's, and so deserves to be made anew. */
  isOutdated(hash: string): boolean;
}

/** OWASP's least for Argon2id. */
const COST: HashingCost = { memoryKib: 19_456, passes: 2 };

/** More at once win nothing on two cores, and take the memory and the threads that everything else needs. */
const TURNS = { atOnce: 2, waiting: 20 };

/** No account has a longer password, and normalizing can make a long text eighteen times as long. */
const LONGEST_INPUT = 512;

export function createPasswords(cost: HashingCost = COST): Passwords {
  const argon2 = new Argon2id({ memorySize: cost.memoryKib, iterations: cost.passes, parallelism: 1 });
  const inTurn = turns(TURNS);
  const admit = turns({ atOnce: TURNS.atOnce + TURNS.waiting, waiting: 0 });
  const prefix = `$argon2id$v=19$m=${cost.memoryKib},t=${cost.passes},p=1$`;
  const nobodys = `${prefix}${unpadded(randomBytes(16))}$${unpadded(randomBytes(32))}`;
  return {
    admit,
    hash: (password) => inTurn(() => argon2.hash(normalizedPassword(password))),
    matches: (hash, password) =>
      inTurn(async () => {
        const real = password.length <= LONGEST_INPUT && hash?.startsWith("$argon2id$") ? hash : null;
        return argon2.verify(real ?? nobodys, real === null ? "" : normalizedPassword(password));
      }),
    isOutdated: (hash) => !hash.startsWith(prefix),
  };
}

function unpadded(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}
