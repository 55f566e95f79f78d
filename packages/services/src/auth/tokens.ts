import { type AccessTokenSettings, type AccessTokens, createAccessTokens } from "./access-tokens.ts";
import { createPasswords, type HashingCost, type Passwords } from "./passwords.ts";
import { createTwins, type Twins } from "./twins.ts";

/** What proves who somebody is. Credentials live by the real clock, also where a test or a replay turns the game's. */
export interface Auth {
  readonly passwords: Passwords;
  readonly accessTokens: AccessTokens;
  readonly twins: Twins;
}

export interface AuthSettings extends AccessTokenSettings {
  readonly hashing?: HashingCost;
}

/** One for the whole process, since it holds the queue for hashing and knows who refreshes. Throws a RangeError for a secret under 32 bytes. */
export function createAuth({ hashing, ...tokens }: AuthSettings): Auth {
  return { passwords: createPasswords(hashing), accessTokens: createAccessTokens(tokens), twins: createTwins() };
}
