import { DomainError } from "@pitwall/domain/domain-error";
import type { LeagueRole } from "./views.ts";

/**
 * Who may do what in a league, beside what every member may: see it with its code, and leave. Outsiders may do nothing; what
 * they see is said in `internal/league-visibility.ts`.
 */
const POWERS = {
  describe: ["manager", "owner"],
  removeMember: ["manager", "owner"],
  seeBans: ["manager", "owner"],
  liftBan: ["manager", "owner"],
  removeManager: ["owner"],
  update: ["owner"],
  renewCode: ["owner"],
  setRole: ["owner"],
  transfer: ["owner"],
  close: ["owner"],
} as const satisfies Record<string, readonly LeagueRole[]>;

export type LeaguePower = keyof typeof POWERS;

export function requirePower({ role }: { readonly role: LeagueRole | null }, power: LeaguePower): void {
  const holders: readonly LeagueRole[] = POWERS[power];
  if (role !== null && holders.includes(role)) return;
  const who = holders.includes("manager") ? "the owner and the managers" : "the owner";
  throw new DomainError("forbidden", "league.not_allowed", `In this league only ${who} may do that.`);
}
