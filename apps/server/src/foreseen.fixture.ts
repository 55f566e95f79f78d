import { appRouter } from "@pitwall/api";
import { fieldOf } from "@pitwall/api/openapi.fixture";
import { refusalsOf } from "@pitwall/api/refusals";
import { type Route, routeFinder, routesOf } from "@pitwall/api/routes";
import { expect } from "vitest";

const routes = routesOf(appRouter);
const findRoute = routeFinder(routes);

/** Before a procedure is reached, or from a bug: nothing that it would know of. */
const OF_ALL = /^(request\.|precondition\.|internal$)/;

/** Fails the test whose answer refuses for a reason that the document does not have for the operation. */
export async function foreseen(method: string, url: string, answer: Response): Promise<Response> {
  const { pathname } = new URL(url, "http://localhost");
  const route = routeAt(method, pathname);
  if (!route || answer.status < 400) return answer;
  const said: unknown = await answer.clone().json();
  const code = fieldOf(said, "code") ?? ["error", "json", "data", "reason"].reduce(fieldOf, said);
  if (typeof code === "string" && !OF_ALL.test(code)) expect.soft(refusalsOf(route), pathname).toContain(code);
  return answer;
}

/** Null for a batch, whose calls are foreseen each in its own right elsewhere. */
function routeAt(method: string, pathname: string): Route | null {
  const [, door, ...rest] = pathname.split("/");
  if (door === "trpc") return routes.find(({ name }) => name === rest.join("/")) ?? null;
  return pathname.startsWith("/api/v1/") ? (findRoute(method, pathname.slice("/api/v1".length))?.route ?? null) : null;
}
