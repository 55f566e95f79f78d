import { once } from "node:events";
import { startMailSink } from "@pitwall/services/mail-sink.fixture";
import { started } from "@pitwall/testing/process";
import { expect, onTestFinished, test, vi } from "vitest";
import { DOORS } from "../processes.fixture.ts";
import { aStage, SOON } from "../stage.fixture.ts";
import { runTask } from "../worker.ts";

/** More than one batch. */
const READERS = 250;

/** How many mails are on their way at once. */
const AT_ONCE = 4;

test("a mailing whose worker is killed in the middle goes on: nobody is left out, and few hear twice", async () => {
  const stage = await aStage();
  const sink = await startMailSink();
  onTestFinished(sink.close);
  await stage.pool.query(`
    with readers as (
      insert into users (username, email, password_hash, email_verified_at)
      select 'reader_' || n, 'reader_' || n || '@example.org', 'none', now() from generate_series(1, ${READERS}) n returning id)
    insert into notification_preferences (user_id, type, in_app, email) select id, 'system', true, true from readers`);
  await stage.pool.query(
    "insert into broadcasts (type, title, body, data) values ('system', 'News', 'To everybody.', '{}')",
  );

  const child = started(DOORS.once, { DATABASE_URL: stage.url, SMTP_URL: sink.url }, "send-mails");
  await vi.waitFor(() => expect(sink.received.length).toBeGreaterThan(40), SOON);
  child.kill("SIGKILL");
  await once(child, "exit");
  const before = sink.received.length;
  expect(before).toBeLessThan(READERS);

  // Those that were on their way are tried again after a rest.
  await stage.pool.query("update mails set tried_at = tried_at - interval '1 hour'");
  const ctx = { ...stage.ctx, mailer: sink.mailer };
  await vi.waitFor(async () => {
    await runTask(ctx, "send-mails", {});
    expect(new Set(sink.received.map(({ to }) => to)).size).toBe(READERS);
  }, SOON);
  expect(sink.received.length).toBeLessThanOrEqual(READERS + AT_ONCE);
  const { rows } = await stage.pool.query("select count(*)::int as n from mails where outcome = 'sent'");
  expect(rows).toEqual([{ n: READERS }]);
});
