import type { Db } from "@pitwall/db/database";
import { correctionEffects } from "./correction-effects.ts";
import { lockReminders } from "./lock-reminders.ts";

interface Told {
  readonly id: string;
  readonly type: string;
}

interface Words {
  readonly body: string;
  readonly data: Record<string, unknown>;
}

/** All hear the same words of a broadcast; what it is to each of these people's own teams is added to them. */
export async function ownWords(
  db: Db,
  told: readonly Told[],
  readerIds: readonly string[],
): Promise<<T extends Told & Words>(readerId: string, item: T) => T> {
  const adding = new Map<string, Adding>();
  for (const [type, addingTo] of Object.entries(ADDED)) {
    const ids = told.filter((one) => one.type === type).map(({ id }) => id);
    if (ids.length > 0) adding.set(type, await addingTo(db, ids, readerIds));
  }
  return (readerId, item) => {
    const own = adding.get(item.type)?.(readerId, item.id);
    if (!own) return item;
    const body = own.text === "" ? item.body : `${item.body} ${own.text}`;
    return { ...item, body, data: { ...item.data, teams: own.teams } };
  };
}

type Adding = (readerId: string, broadcastId: string) => { readonly text: string; readonly teams: readonly unknown[] };

const ADDED = { correction: correctionEffects, lock_reminder: lockReminders };
