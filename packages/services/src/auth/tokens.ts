import type { Listening } from "@pitwall/db/listening";
import { type AccessTokenSettings, type AccessTokens, createAccessTokens } from "./access-tokens.ts";
import { type Bearers, loadedBearers, rememberedBearers } from "./bearers.ts";
import { createPasswords, type HashingCost, type Passwords } from "./passwords.ts";
import { createTwins, type Twins } from "./twins.ts";

/** What proves who somebody is. Credentials live by the real clock, also where a test or a replay turns the game's. */
export interface Auth {
  readonly passwords: Passwords;
  readonly accessTokens: AccessTokens;
  readonly twins: Twins;
  readonly bearers: Bearers;
}

export interface AuthSettings extends AccessTokenSettings {
  readonly hashing?: HashingCost;
  /** On `BEARERS`. Left out, the database is asked about every request. */
  readonly listening?: Listening;
}

/** One for the whole process, since it holds the queue for hashing and knows who refreshes. Throws a RangeError for a secret under 32 bytes. */
export function createAuth({ hashing, listening, ...tokens }: AuthSettings): Auth {
  return {
    passwords: createPasswords(hashing),
    accessTokens: createAccessTokens(tokens),
    twins: createTwins(),
    bearers: listening ? rememberedBearers(listening) : loadedBearers,
  };
}
