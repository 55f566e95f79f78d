import { ACCESS_COOKIE, REFRESH_COOKIE } from "@pitwall/api";

type Ask = (url: string, init: RequestInit) => Response | Promise<Response>;

export const HOME = "https://pitwall.test";

/** As far as a server can tell, a page in a browser: it keeps cookies and says where it is from. */
export function aBrowser(ask: Ask, origin = HOME) {
  const jar = new Map<string, string>();
  const fetch = async (url: string, { headers: own, ...init }: RequestInit = {}) => {
    const headers = new Headers({ "sec-fetch-site": "same-origin", ...Object.fromEntries(new Headers(own)) });
    if (jar.size > 0 && !headers.has("cookie"))
      headers.set("cookie", [...jar].map(([name, value]) => `${name}=${value}`).join("; "));
    if ((init.method ?? "GET") !== "GET" && !headers.has("origin")) headers.set("origin", origin);
    const answer = await ask(url, { ...init, headers });
    for (const line of answer.headers.getSetCookie()) keep(jar, line);
    return answer;
  };
  const access = () => jar.get(ACCESS_COOKIE) ?? "";
  const refresh = () => jar.get(REFRESH_COOKIE) ?? "";
  return { jar, fetch, access, refresh };
}

function keep(jar: Map<string, string>, line: string): void {
  const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
  if (/; Max-Age=0;/.test(line)) jar.delete(name);
  else jar.set(name, value);
}
