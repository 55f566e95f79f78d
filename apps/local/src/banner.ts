export interface Announcement {
  readonly url: string;
  readonly admin: { readonly username: string; readonly password: string; readonly keptIn: string } | null;
  readonly season: number;
  readonly next: { readonly name: string; readonly slug: string; readonly lockAt: Date } | null;
  /** What the source of results is, in words. */
  readonly source: string;
  readonly now: Date;
}

/** What a person who has just started Pitwall wants to know. */
export function banner({ url, admin, season, next, source, now }: Announcement): string {
  const api = `${url}/api/v1`;
  const lines = [
    "",
    "  Pitwall is up.",
    "",
    `  API docs   ${url}/docs`,
    `  REST       ${api}`,
    `  tRPC       ${url}/trpc`,
    `  Health     ${url}/health/ready`,
    ...(admin ? [`  Admin      ${admin.username} / ${admin.password}   (kept in ${admin.keptIn})`] : []),
    `  Season     ${season}${next ? `: the ${next.name} locks in ${duration(next.lockAt.getTime() - now.getTime())}` : ": no race left to lock"}`,
    `  Results    ${source}`,
    "",
    "  Try next:",
    `    curl ${api}/races/next`,
    `    curl '${api}/drivers?season=${season}&sort=price'`,
    `    curl ${api}/auth/register -H 'content-type: application/json' \\`,
    `      -d '{"username":"ada","email":"ada@example.org","password":"Slipstream44"}'`,
    "",
    "  Ctrl-C stops everything.",
    "",
  ];
  return lines.join("\n");
}

const MINUTE = 60_000;

/** "4 d 3 h", "2 h 5 min", "3 min", "50 s": two units at the most, the way a person would say it. */
export function duration(ms: number): string {
  if (ms < 2 * MINUTE) return `${Math.max(0, Math.round(ms / 1000))} s`;
  const minutes = Math.round(ms / MINUTE);
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  if (days > 0) return `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${rest} min` : `${rest} min`;
}
