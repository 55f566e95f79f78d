import type { ServiceContext } from "../context.ts";
import { alertAdmins } from "../internal/admin-alerts.ts";
import type { RaceRow } from "../internal/race-lookup.ts";
import type { LookOutcome } from "./answers.ts";

interface Look {
  readonly outcome: LookOutcome;
  readonly reason?: string;
}

/**
 * Tells the admins what a look found that they should know of: an answer that was put aside, and a result that is gone, once
 * for each revision; a result that is overdue, once for the race.
 */
export async function alertOfLook(ctx: ServiceContext, race: RaceRow, look: Look, at: Date): Promise<void> {
  const trouble = troubleOf(race, look);
  if (trouble) await alert(ctx, race, { ...trouble, about: `race ${race.id}, revision ${race.revision ?? 0}` });
  const hasResult = race.revision !== null || look.outcome === "recorded";
  if (hasResult || race.cancelledAt !== null) return;
  if (at.getTime() < race.flagDueAt.getTime() + ctx.schedule.alertAfter) return;
  await alert(ctx, race, {
    about: `race ${race.id}`,
    reason: "no_result",
    title: `${race.name}: there is no result yet`,
    body: `Its flag was due at ${race.flagDueAt.toISOString()}. It is looked for on and on; you may enter it by hand. ${look.reason ?? ""}`,
  });
}

interface Trouble {
  readonly reason: string;
  readonly title: string;
  readonly body: string;
}

function troubleOf(race: RaceRow, { outcome, reason = "" }: Look): Trouble | null {
  switch (outcome) {
    case "held":
    case "unreadable":
      return {
        reason: "held",
        title: `${race.name}: an answer is held back`,
        body: `What the source says cannot be believed, and scores nothing; what is stored stays. ${reason}`,
      };
    case "vanished":
      return {
        reason: "vanished",
        title: `${race.name}: the source has lost the result`,
        body: "It lists none any more. What is stored stays, and goes on being checked.",
      };
    case "recorded":
    case "corrected":
    case "unchanged":
    case "none_yet":
    case "failed":
    case "overtaken":
      return null;
  }
}

async function alert(ctx: ServiceContext, race: RaceRow, words: Trouble & { readonly about: string }): Promise<void> {
  const { id: raceId, season, slug } = race;
  await alertAdmins(ctx, {
    ...words,
    body: words.body.trim(),
    raceId,
    link: `/api/v1/admin/feed?season=${season}`,
    data: { season, slug },
  });
}
