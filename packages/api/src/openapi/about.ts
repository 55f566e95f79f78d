export const TITLE = "Pitwall";

export const DESCRIPTION = `An open fantasy Formula 1 backend: enter a team, choose five drivers and a captain before each race locks, and follow
what they score, race by race and in leagues of your own.

**Signing in.** \`POST /auth/register\` or \`POST /auth/login\` answers an access token of half an hour and a refresh token. Send the
first as \`Authorization: Bearer …\`, and change the second for the next with \`POST /auth/refresh\`. Pages in a browser ask
with \`cookies: true\` instead, and no script can read the tokens. What needs no account may be asked with a token all the
same, and then shows what is yours besides.

**Values.** Moments are in UTC. Points, prices and budgets have at most one decimal, prices in millions. Bodies have no fields but
the documented ones, and at most 64 KB. Answers may gain fields: skip those that you do not know.

**Pages.** Lists take \`limit\` and either \`offset\` or \`cursor\`, which is the \`nextCursor\` of the page before.

**Errors** are \`application/problem+json\` (RFC 9457). Programs go by \`code\`, which is never reworded, and people by \`detail\`;
\`type\` leads to [what each code means](/docs/errors).

**Limits.** Every answer says by \`RateLimit\` where you stand. After 429 and 503 wait for \`Retry-After\` seconds.

Season data: F1DB (CC BY 4.0). Not associated with Formula 1 or the FIA.`;

export const LICENSE = { name: "MIT", identifier: "MIT" };

/** What the operations are sorted by, in the order in which somebody new meets them. */
export const TAGS: Readonly<Record<string, string>> = {
  auth: "Open an account, sign in and out, and keep password and address",
  users: "Your own profile and data, and what may be known of others",
  seasons: "The seasons that are played, and the rules of each",
  drivers: "Drivers and constructors with cars, prices, points and statistics",
  races: "The calendar, when each race locks, and where its result stands",
  results: "Classifications with all their corrections, and what every driver earned",
  teams: "Your teams and their line-ups",
  scores: "What a team scored, line by line, and what another would have",
  leagues: "Play among friends: leagues, their codes, members, roles and bans",
  standings: "Who leads, in the whole game and in each league, after any race",
  notifications: "What you were told, and what you want to hear of",
  admin: "Accounts, jobs, the source of results, and who did what. For admins",
  stats: "How many take part",
};
