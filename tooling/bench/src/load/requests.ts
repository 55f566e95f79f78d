import type { Request } from "autocannon";
import { somewhere } from "../served.ts";
import type { Job, SavingTeam, Script } from "./script.ts";

/** On each connection, others for each load: at a hundred calls an hour, more than it can ask in a round. */
const GUESTS = 64;

type ScriptOf<Kind extends Script["kind"]> = Extract<Script, { kind: Kind }>;

/** What one of the connections asks, in turn. Requests that never change are built once. */
export function requestsOf({ url, script, connections }: Job, connection: number): Request[] {
  const base = new URL(url).pathname.replace(/\/$/, "");
  const part = <Each>(all: readonly Each[]) => partOf(all, connection, connections);
  switch (script.kind) {
    case "reads":
      return script.tokens ? part(ownReads(script, script.tokens, base)) : guestReads(script, base);
    case "lineups":
      return [savings(part(script.teams), script.choices, base)];
    case "refreshes":
      return [refreshes(part(script.tokens)[0] ?? "", base)];
    case "sign-ins":
      return part(script.logins).map((login) => signIn(login, script.password, base));
  }
}

function partOf<Each>(all: readonly Each[], connection: number, connections: number): Each[] {
  const part = all.filter((_, nth) => nth % connections === connection);
  const one = all[connection % all.length];
  return part.length > 0 || one === undefined ? part : [one];
}

function ownReads({ paths }: ScriptOf<"reads">, tokens: readonly string[], base: string): Request[] {
  return tokens.map((token, nth) => ({ path: `${base}${paths[nth % paths.length]}`, headers: headersOf(token) }));
}

function guestReads({ paths }: ScriptOf<"reads">, base: string): Request[] {
  const path = (nth: number) => `${base}${paths[nth % paths.length]}`;
  return Array.from({ length: GUESTS }, (_, nth) => ({ path: path(nth), headers: headersOf() }));
}

/** A version is counted up as it is sent: what is refused as late ends the round, and what is stale would end the bench. */
function savings(own: readonly SavingTeam[], choices: ScriptOf<"lineups">["choices"], base: string): Request {
  const versions = own.map(({ version }) => version);
  let turn = 0;
  return sent(() => {
    const nth = turn++ % own.length;
    const version = versions[nth] ?? 0;
    versions[nth] = version + 1;
    const body = { ...choices[(turn * 7919) % choices.length], version };
    return { method: "PUT", path: `${base}/teams/${own[nth]?.id}/lineup`, ...json(body, own[nth]?.token) };
  });
}

function refreshes(first: string, base: string): Request {
  let refreshToken = first;
  return {
    ...sent(() => ({ method: "POST", path: `${base}/auth/refresh`, ...json({ refreshToken }) })),
    onResponse(status, body) {
      if (status === 200) refreshToken = JSON.parse(body).refreshToken;
    },
  };
}

/** Everybody signs in from home, where nobody slows them down. */
function signIn(login: string, password: string, base: string): Request {
  const { headers, body } = json({ login, password });
  const from = { "x-forwarded-for": homeOf(login) };
  return { method: "POST", path: `${base}/auth/login`, headers: { ...headers, ...from }, body };
}

export function homeOf(login: string): string {
  const n = Number(login.replace(/\D/g, ""));
  return `172.${16 + ((n >> 16) & 15)}.${(n >> 8) & 255}.${n & 255}`;
}

/** Made anew each time it is sent. */
function sent(make: () => Request): Request {
  return { setupRequest: (request) => ({ ...request, ...make() }) };
}

function json(body: object, token?: string) {
  return { headers: { ...headersOf(token), "content-type": "application/json" }, body: JSON.stringify(body) };
}

function headersOf(token?: string): Record<string, string> {
  return { "x-forwarded-for": somewhere(), ...(token !== undefined && { authorization: `Bearer ${token}` }) };
}
