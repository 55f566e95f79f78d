import type { Caller } from "@pitwall/api";
import { type Act, RefusedError } from "./acts.ts";

type Account = Awaited<ReturnType<Caller["admin"]["users"]>>["items"][number];

const PAGE = 100;

/** Lists accounts, as many as fit on a page. */
export function findUsers(search: string | undefined): Act {
  return async ({ admin }) => {
    const { items, total } = await admin.users({ limit: PAGE, ...(search !== undefined && { search }) });
    const rest = total > items.length ? `\n… and ${total - items.length} more: search for letters of the name.` : "";
    return { text: total === 0 ? "There is nobody." : `${tableOf(items)}${rest}`, facts: { total, items } };
  };
}

function tableOf(accounts: readonly Account[]): string {
  const rows = [
    ["username", "address", "role", "tier", "state", "since", "id"],
    ...accounts.map(({ username, email, role, tier, isActive, since, id }) => [
      ...[username, email, role, tier, isActive ? "active" : "deactivated"],
      ...[since.toISOString().slice(0, 10), id],
    ]),
  ];
  const widths = rows.reduce<number[]>((most, row) => row.map((cell, at) => Math.max(cell.length, most[at] ?? 0)), []);
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** Makes somebody an admin, or a user again. */
export function changeRole(who: string, role: Account["role"]): Act {
  return async (caller) => {
    const { id, role: before } = await accountOf(caller, who);
    const { username, isActive } = await caller.admin.changeUser({ id, role });
    const isChanged = before !== role;
    const is = `${username} is ${isChanged ? "now" : "already"} ${role === "admin" ? "an admin" : "a user"}.`;
    const remark = isActive ? "" : " The account is deactivated, so nobody can sign in with it.";
    return { text: is + remark, facts: { id, username, role, changed: isChanged, isActive } };
  };
}

/** The search is for a part of a name, so the whole name may be on any page. */
async function accountOf({ admin }: Caller, who: string): Promise<Account> {
  const isWho = ({ username, email }: Account) =>
    [username, email].some((name) => name.toLowerCase() === who.toLowerCase());
  const alike: string[] = [];
  for (let offset = 0; ; offset += PAGE) {
    const { items, total } = await admin.users({ search: who, limit: PAGE, offset });
    const found = items.find(isWho);
    if (found) return found;
    alike.push(...items.map(({ username }) => username));
    if (offset + PAGE >= total) break;
  }
  const hint = alike.length > 0 ? ` Like it: ${alike.slice(0, 5).join(", ")}.` : "";
  throw new RefusedError(`Nobody here is called "${who}".${hint}`);
}
