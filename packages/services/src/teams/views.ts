import { teams, users } from "@pitwall/db/schema";
import { shownUsername } from "../internal/profiles.ts";

export interface TeamView {
  readonly id: string;
  readonly season: number;
  readonly name: string;
  readonly owner: { readonly id: string; readonly username: string };
  readonly version: number;
  readonly createdAt: Date;
}

/** The columns of a `TeamView`, of a team and its owner. */
export const teamView = {
  id: teams.id,
  season: teams.season,
  name: teams.name,
  owner: { id: users.id, username: shownUsername },
  version: teams.version,
  createdAt: teams.createdAt,
};
