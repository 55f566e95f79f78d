import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { type Pitwall, PitwallError, type TokenStore, type Tokens } from "@pitwall/client";
import { SEASON } from "./season.ts";

/** What a player says, whichever way it is said. */
export interface Voice {
  lineup(input: { id: string; version: number; driverIds: string[]; captainId: string }): Promise<{ version: number }>;
  league(input: { season: number; name: string; isPrivate: boolean; teamId: string }): Promise<{ id: string }>;
  profile(fullName: string): Promise<unknown>;
  race(slug: string): Promise<{ result: { revision: number | null } }>;
}

export function tokensOf(): TokenStore {
  let kept: Tokens | null = null;
  return {
    get: () => kept,
    set: (tokens) => {
      kept = tokens;
    },
  };
}

export function typed({ teams, leagues, users, races }: Pitwall): Voice {
  return {
    lineup: (input) => teams.setLineup.mutate(input),
    league: (input) => leagues.create.mutate(input),
    profile: (fullName) => users.update.mutate({ fullName }),
    race: (slug) => races.bySlug.query({ season: SEASON, slug }),
  };
}

class Refused extends Error {
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

/** Nobody answered, or who did is away for a moment: whether it was done is not known. */
export function isUnanswered(error: unknown): boolean {
  if (error instanceof PitwallError || error instanceof Refused) return error.status === 0 || error.status >= 500;
  return error instanceof TypeError || (error instanceof Error && error.name === "TimeoutError");
}

export function reasonOf(error: unknown): string {
  return error instanceof PitwallError || error instanceof Refused ? error.reason : "none";
}

const TRIES = 4;

/** As a client of another language would: the same key until somebody answers. */
export function overRest(tokens: TokenStore, send: typeof fetch): Voice {
  async function call(method: string, path: string, body?: object) {
    const key = randomUUID();
    for (let tries = 1; ; tries += 1) {
      const headers = {
        authorization: `Bearer ${tokens.get()?.accessToken ?? ""}`,
        ...(body && { "content-type": "application/json", "idempotency-key": key }),
      };
      try {
        const answer = await send(`http://localhost/api/v1${path}`, {
          ...{ method, headers },
          ...(body && { body: JSON.stringify(body) }),
        });
        const said = JSON.parse(await answer.text());
        if (answer.ok) return said;
        throw new Refused(answer.status, said.code, said.detail ?? said.message);
      } catch (error) {
        if (!isUnanswered(error) || tries === TRIES) throw error;
        await wait(150 * tries);
      }
    }
  }
  return {
    lineup: ({ id, ...input }) => call("PUT", `/teams/${id}/lineup`, input),
    league: (input) => call("POST", "/leagues", input),
    profile: (fullName) => call("PATCH", "/users/me", { fullName }),
    race: (slug) => call("GET", `/races/${SEASON}/${slug}`),
  };
}
