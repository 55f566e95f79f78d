import type { Db } from "@pitwall/db/database";
import { withTx } from "@pitwall/db/database";
import { broadcasts, mailings } from "@pitwall/db/schema";
import { asc, eq, type SQL, sql } from "drizzle-orm";
import { isMeantFor } from "../internal/audiences.ts";

/** How many people are looked at, and how many mails are taken, at a time. */
const BATCH = 200;

/** How often a mail is tried, and how long it rests in between: once, twice as long, and so on. */
const ATTEMPTS = 4;
const REST = sql.raw("interval '10 minutes'");

const IS_FRESH = sql.raw("> statement_timestamp() - interval '1 day'");

/** Whoever signs in no more, or never showed that the address is theirs, gets no mail. */
const IS_REACHABLE = sql.raw("reader.is_active and reader.deleted_at is null and reader.email_verified_at is not null");

/** A reminder is of no use once its race has locked, is called off, or locks at another time. */
const isOfUse = sql`(${broadcasts.type} <> 'lock_reminder' or exists (
  select from races race where race.id = ${broadcasts.raceId} and race.cancelled_at is null and race.lock_at > clock_timestamp()
    and race.lock_at = (${broadcasts.data} ->> 'lockAt')::timestamptz))`;

/** Puts the next people's mails into the outbox, at most a batch. Answers whether there was anybody to look at. */
export async function fillOutbox(db: Db): Promise<boolean> {
  return (await addPersonal(db)) || (await addShared(db));
}

async function addPersonal(db: Db): Promise<boolean> {
  const { rowCount } = await db.execute(sql`
    insert into mails (told_id, user_id)
    select told.id, told.user_id
    from notifications told
    join notification_preferences wanted on wanted.user_id = told.user_id and wanted.type = told.type and wanted.email
    join users reader on reader.id = told.user_id and ${IS_REACHABLE}
    where told.id > (${idsSince(sql`statement_timestamp() - interval '1 day'`)}) and told.created_at ${IS_FRESH}
      and not exists (select from mails kept where kept.told_id = told.id and kept.user_id = told.user_id)
    order by told.id limit ${BATCH}
    on conflict do nothing`);
  return (rowCount ?? 0) > 0;
}

/** Ids are made in the order of time, so that a day of them is a range of the key. */
function idsSince(moment: SQL): SQL {
  return sql`select (lpad(to_hex((extract(epoch from ${moment}) * 1000)::int8), 12, '0') || repeat('0', 20))::uuid`;
}

/** Goes on where the last batch ended: a mailing and its mails come into the outbox together. */
function addShared(db: Db): Promise<boolean> {
  return withTx(db, async (tx) => {
    const [told] = await tx
      .select({ id: broadcasts.id, type: broadcasts.type, reachedId: mailings.reachedId })
      .from(broadcasts)
      .leftJoin(mailings, eq(mailings.broadcastId, broadcasts.id))
      .where(sql`${mailings.doneAt} is null and ${broadcasts.createdAt} ${IS_FRESH} and ${isOfUse}`)
      .orderBy(asc(broadcasts.id))
      .limit(1);
    if (!told) return false;
    const { rows } = await tx.execute<{ reachedId: string | null; many: number }>(sql`
      with readers as materialized (
        select user_id from notification_preferences
        where type = ${told.type} and email and user_id > coalesce(${told.reachedId}::uuid, '00000000-0000-0000-0000-000000000000')
        order by user_id limit ${BATCH}
      ), added as (
        insert into mails (told_id, user_id)
        select broadcasts.id, reader.id
        from readers join users reader on reader.id = readers.user_id and ${IS_REACHABLE}
        join broadcasts on broadcasts.id = ${told.id} and ${isMeantFor(sql`readers.user_id`)}
        on conflict do nothing
      )
      select count(*)::int as many, (array_agg(user_id order by user_id desc))[1] as "reachedId" from readers`);
    const { many = 0, reachedId = null } = rows[0] ?? {};
    const reached = { reachedId: reachedId ?? told.reachedId, doneAt: many < BATCH ? sql`clock_timestamp()` : null };
    await tx
      .insert(mailings)
      .values({ broadcastId: told.id, ...reached })
      .onConflictDoUpdate({ target: mailings.broadcastId, set: reached });
    return true;
  });
}

/** A mail to be sent, and what it tells. */
export interface WaitingMail extends Record<string, unknown> {
  readonly toldId: string;
  readonly userId: string;
  readonly attempts: number;
  readonly username: string;
  readonly email: string;
  readonly id: string;
  readonly type: string;
  readonly title: string;
  readonly body: string;
  readonly link: string | null;
  readonly data: Record<string, unknown>;
}

/** The mails to be sent now, the oldest first, to the addresses that people have now. Who changed their mind gets none. */
export async function waitingMails(db: Db): Promise<WaitingMail[]> {
  const { rows } = await db.execute<WaitingMail>(sql`
    select mail.told_id as "toldId", mail.user_id as "userId", mail.attempts::int as attempts, reader.username, reader.email, told.*
    from mails mail
    join users reader on reader.id = mail.user_id and ${IS_REACHABLE}
    cross join lateral (
      select id, type, title, body, link, data from broadcasts
      where id = mail.told_id and created_at ${IS_FRESH} and ${isOfUse}
      union all
      select id, type, title, body, link, data from notifications where id = mail.told_id and created_at ${IS_FRESH}
    ) told
    where mail.outcome is null and mail.attempts < ${ATTEMPTS}
      and (mail.tried_at is null or mail.tried_at < clock_timestamp() - mail.attempts * ${REST})
      and exists (select from notification_preferences wanted
        where wanted.user_id = mail.user_id and wanted.type = told.type and wanted.email)
    order by mail.created_at, mail.user_id limit ${BATCH}`);
  return rows;
}

type Key = Pick<WaitingMail, "toldId" | "userId" | "attempts">;

/** Marks a mail as being tried. False: somebody else has tried it meanwhile. */
export async function claimMail(db: Db, mail: Key): Promise<boolean> {
  const { rowCount } = await db.execute(sql`
    update mails set attempts = attempts + 1, tried_at = clock_timestamp() where ${is(mail)} and attempts = ${mail.attempts}`);
  return rowCount === 1;
}

export async function settleMail(db: Db, mail: Key, outcome: "sent" | "refused"): Promise<void> {
  await db.execute(sql`update mails set outcome = ${outcome} where ${is(mail)}`);
}

/** A server that nobody reached has not seen the mail: it waits as it did before. */
export async function unclaimMail(db: Db, mail: Key): Promise<void> {
  await db.execute(sql`update mails set attempts = ${mail.attempts}, tried_at = null where ${is(mail)}`);
}

function is({ toldId, userId }: Key): SQL {
  return sql`told_id = ${toldId} and user_id = ${userId} and outcome is null`;
}
