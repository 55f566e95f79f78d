import { createPitwall, type Pitwall, PitwallError } from "@pitwall/client";

/** What a program of somebody else does with the client, in Node or on a page. */
export async function consume(url: string, cookies: boolean) {
  const pitwall: Pitwall = createPitwall({ url, cookies });
  const username = `anna_${Math.random().toString(36).slice(2, 10)}`;
  const account = { username, email: `${username}@example.org`, password: "Slipstream44" };
  const { user, tokenType } = await pitwall.auth.register.mutate(account);
  const [me, race] = await Promise.all([pitwall.users.me.query(), pitwall.races.next.query({})]);
  const lockAt: Date = race.lockAt;
  const nobodys = { id: "00000000-0000-4000-8000-000000000000" };
  const refusal = await pitwall.leagues.byId.query(nobodys).catch((error: unknown) => error);
  await pitwall.auth.logout.mutate();
  return {
    tokenType,
    isMe: me.id === user.id,
    isDate: lockAt instanceof Date,
    refusal: refusal instanceof PitwallError ? [refusal.status, refusal.reason] : String(refusal),
  };
}

/** Never called: what the types do not let through. */
export async function refused(pitwall: Pitwall): Promise<void> {
  // @ts-expect-error a season is a number
  await pitwall.races.bySlug.query({ season: "2026", slug: "monza" });
  // @ts-expect-error there is no such procedure
  await pitwall.races.cancelEverything.mutate();
  // @ts-expect-error a query changes nothing
  await pitwall.users.me.mutate();
  const me = await pitwall.users.me.query();
  // @ts-expect-error no such thing is ever told
  String(me.passwordHash);
}
