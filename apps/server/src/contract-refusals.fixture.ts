import { password } from "./app.fixture.ts";
import { five, type Input, ofFair, ofOwner, ofSeason, type Speaker, type Told } from "./contract-calls.fixture.ts";

export interface Refusal {
  readonly operation: string;
  readonly as: Speaker;
  readonly input: (told: Told) => Input;
  readonly code: string;
}

/** One of each kind that needs a game, before anything of the above is done. */
export const REFUSALS: readonly Refusal[] = [
  refusal("auth.login", "guest", () => ({ login: "nobody", password }), "auth.wrong_credentials"),
  refusal("auth.resetPassword", "guest", () => ({ token: "none", newPassword: password }), "auth.link_over"),
  refusal(
    "auth.register",
    "guest",
    ({ world }) => ({ username: world.people.owner.username, email: "other@example.org", password }),
    "auth.username_taken",
  ),
  refusal("teams.rename", "outsider", (told) => ({ ...ofOwner(told), name: "Stolen" }), "team.not_yours"),
  refusal("teams.lineup", "outsider", (told) => ({ ...ofOwner(told), race: told.world.open }), "lineup.hidden"),
  refusal(
    "teams.setLineup",
    "owner",
    (told) => ({ ...ofOwner(told), ...five(told), version: 9 }),
    "team.version_stale",
  ),
  refusal(
    "teams.create",
    "newcomer",
    (told) => ({ ...ofSeason(told), name: "Solo", driverIds: [told.world.captainId], captainId: told.world.captainId }),
    "lineup.breaks_rules",
  ),
  refusal(
    "leagues.join",
    "owner",
    (told) => ({ ...ofFair(told), teamId: told.world.teams.owner.id }),
    "league.already_member",
  ),
  refusal(
    "leagues.transfer",
    "manager",
    (told) => ({ ...ofFair(told), userId: told.world.people.member.id }),
    "league.not_allowed",
  ),
  refusal(
    "results.enter",
    "admin",
    (told) => ({
      ...told.driven,
      sessions: [{ session: "race", cars: [{ driverId: told.world.captainId, laps: 57 }] }],
    }),
    "results.invalid",
  ),
];

function refusal(operation: string, as: Speaker, input: Refusal["input"], code: string): Refusal {
  return { operation, as, input, code };
}
