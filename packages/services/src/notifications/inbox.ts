import type { Db } from "@pitwall/db/database";
import { broadcasts, notifications } from "@pitwall/db/schema";
import { DomainError } from "@pitwall/domain/domain-error";
import { and, count, desc, lt, not, type Placeholder, type SQL, sql } from "drizzle-orm";
import { unionAll } from "drizzle-orm/pg-core";
import type { ServiceContext } from "../context.ts";
import { isMeantFor } from "../internal/audiences.ts";
import { ownWords } from "../internal/own-words.ts";
import { type Places, prepared } from "../internal/prepared.ts";
import { speakerId } from "../internal/speaker.ts";

export type NotificationType = (typeof broadcasts.$inferSelect)["type"] | (typeof notifications.$inferSelect)["type"];

export interface NotificationView {
  readonly id: string;
  readonly type: NotificationType;
  readonly title: string;
  readonly body: string;
  readonly link: string | null;
  readonly data: Record<string, unknown>;
  readonly createdAt: Date;
  readonly isRead: boolean;
}

export interface InboxPage {
  readonly unread?: boolean | undefined;
  readonly limit: number;
  /** The `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
}

/** What the speaker was told in the last 30 days, personally or with everybody, newest first. */
export async function listNotifications(
  ctx: ServiceContext,
  input: InboxPage,
): Promise<{ items: NotificationView[]; nextCursor: string | null }> {
  const me = speakerId(ctx.actor);
  const found = await pageOfInbox(ctx.db, {
    me,
    unread: input.unread ?? false,
    cursor: input.cursor ?? AFTER_ALL,
    limit: input.limit + 1,
  });
  const page = found.slice(0, input.limit);
  const inOwnWords = await ownWords(ctx.db, page, [me]);
  const items = page.map((item) => inOwnWords(me, item));
  return { items, nextCursor: found.length > input.limit ? (items.at(-1)?.id ?? null) : null };
}

/** Every id comes before it. */
const AFTER_ALL = "ffffffff-ffff-ffff-ffff-ffffffffffff";

const pageOfInbox = prepared(
  "page_of_inbox",
  (db, { me, unread, cursor, limit }: Places<{ me: string; unread: boolean; cursor: string; limit: number }>) => {
    const inbox = inboxOf(db, me);
    return db
      .select()
      .from(inbox)
      .where(and(sql`not (${unread}::boolean and ${inbox.isRead})`, lt(inbox.id, cursor)))
      .orderBy(desc(inbox.id))
      .limit(limit);
  },
);

export async function countUnread(ctx: ServiceContext): Promise<{ unread: number }> {
  const [counted] = await unreadOf(ctx.db, { me: speakerId(ctx.actor) });
  return { unread: counted?.unread ?? 0 };
}

const unreadOf = prepared("unread_of", (db, { me }: Places<{ me: string }>) => {
  const inbox = inboxOf(db, me);
  return db.select({ unread: count() }).from(inbox).where(not(inbox.isRead));
});

function inboxOf(db: Db, userId: Reader) {
  const personal = db
    .select({
      id: notifications.id,
      type: sql<NotificationType>`${notifications.type}`.as("type"),
      title: notifications.title,
      body: notifications.body,
      link: notifications.link,
      data: notifications.data,
      createdAt: notifications.createdAt,
      isRead: sql<boolean>`${notifications.readAt} is not null`.as("is_read"),
    })
    .from(notifications)
    .where(isKeptFor(userId));
  const shared = db
    .select({
      id: broadcasts.id,
      type: sql<NotificationType>`${broadcasts.type}`.as("type"),
      title: broadcasts.title,
      body: broadcasts.body,
      link: broadcasts.link,
      data: broadcasts.data,
      createdAt: broadcasts.createdAt,
      isRead: isReadBy(userId).as("is_read"),
    })
    .from(broadcasts)
    .where(isShownTo(userId));
  return unionAll(personal, shared).as("inbox");
}

/** Whose inbox it is, or the place of their id in a prepared query. */
type Reader = string | Placeholder;

const KEPT = sql.raw("interval '30 days'");

function isKeptFor(userId: Reader): SQL {
  return sql`${notifications.userId} = ${userId} and ${notifications.createdAt} > clock_timestamp() - ${KEPT}
    and ${isWantedBy(userId, sql`${notifications.type}`)}`;
}

function isShownTo(userId: Reader): SQL {
  return sql`${broadcasts.createdAt} > clock_timestamp() - ${KEPT}
    and ${isMeantFor(userId)}
    and not ${broadcasts.id} = any(coalesce((select put_away from notification_reads where user_id = ${userId}), '{}'))
    and ${isWantedBy(userId, sql`${broadcasts.type}`)}`;
}

/** Switched off is out of sight, not gone: switched on again, it is as it was left. */
function isWantedBy(userId: Reader, type: SQL): SQL {
  return sql`${type} not in (select off.type from notification_preferences off where off.user_id = ${userId} and not off.in_app)`;
}

function isReadBy(userId: Reader): SQL<boolean> {
  return sql<boolean>`${broadcasts.id} = any(coalesce((select read from notification_reads where user_id = ${userId}), '{}'))`;
}

export async function markRead(ctx: ServiceContext, input: { readonly id: string }): Promise<void> {
  const userId = speakerId(ctx.actor);
  const touched = await ctx.db.execute(sql`
    with personal as (
      update notifications set read_at = coalesce(read_at, clock_timestamp()) where id = ${input.id} and ${isKeptFor(userId)} returning id
    ), reader as (${held(userId)}), shared as (
      insert into notification_reads as mine (user_id, read)
      select reader.id, array[broadcasts.id] from reader, broadcasts where broadcasts.id = ${input.id} and ${isShownTo(userId)}
      on conflict (user_id) do update set read = ${together(sql`mine.read`, sql`excluded.read`)} returning user_id
    )
    select from personal union all select from shared`);
  if (!touched.rowCount) throw notificationNotFound();
}

/** Answers how many were unread. */
export async function markAllRead(ctx: ServiceContext): Promise<{ marked: number }> {
  const userId = speakerId(ctx.actor);
  const { rowCount } = await ctx.db.execute(sql`
    with personal as (
      update notifications set read_at = clock_timestamp() where ${isKeptFor(userId)} and read_at is null returning id
    ), unread as (
      select id from broadcasts where ${isShownTo(userId)} and not ${isReadBy(userId)}
    ), reader as (${held(userId)}), shared as (
      insert into notification_reads as mine (user_id, read)
      select reader.id, array_agg(unread.id) from reader, unread group by reader.id
      on conflict (user_id) do update set read = ${together(sql`mine.read`, sql`excluded.read`)}
    )
    select from personal union all select from unread`);
  return { marked: rowCount ?? 0 };
}

/** Takes a notification out of the speaker's sight for good. */
export async function putAway(ctx: ServiceContext, input: { readonly id: string }): Promise<void> {
  const userId = speakerId(ctx.actor);
  const touched = await ctx.db.execute(sql`
    with personal as (
      delete from notifications where id = ${input.id} and ${isKeptFor(userId)} returning id
    ), reader as (${held(userId)}), shared as (
      insert into notification_reads as mine (user_id, put_away)
      select reader.id, array[broadcasts.id] from reader, broadcasts where broadcasts.id = ${input.id} and ${isShownTo(userId)}
      on conflict (user_id) do update set put_away = ${together(sql`mine.put_away`, sql`excluded.put_away`)} returning user_id
    )
    select from personal union all select from shared`);
  if (!touched.rowCount) throw notificationNotFound();
}

/** The account of whoever reads, held as long as the statement runs: for one that is just being deleted nothing is kept. */
function held(userId: string): SQL {
  return sql`select id from users where id = ${userId} and is_active for share`;
}

/** Both lists of ids in one, each id once, so that doing a thing twice changes nothing. */
function together(one: SQL, other: SQL): SQL {
  return sql`array(select distinct unnest(${one} || ${other}))`;
}

function notificationNotFound(): DomainError {
  return new DomainError(
    "not_found",
    "notification.not_found",
    "There is no such notification. It may have been deleted.",
  );
}
