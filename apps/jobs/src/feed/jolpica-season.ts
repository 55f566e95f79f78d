import type { SeasonAnswer, ToldList } from "@pitwall/services/seasons/answers";
import { faultsOf, parsed, saysTwice } from "./bodies.ts";
import type { Client, PutOff } from "./client.ts";
import { CALENDAR, CONSTRUCTORS, DRIVERS, type List, type Page } from "./jolpica-lists.ts";

type Unreadable = Extract<ToldList<never>, { kind: "unreadable" }>;

/** Asks for the lists of a season, one after the other. Who fails to answer is not asked on. */
export async function askForSeason(client: Client, season: number): Promise<SeasonAnswer | PutOff> {
  const races = await wholeList(client, season, CALENDAR);
  if (races.kind === "put_off") return races;
  const constructors = races.kind === "failed" ? races : failing(await wholeList(client, season, CONSTRUCTORS));
  const drivers = constructors.kind === "failed" ? constructors : failing(await wholeList(client, season, DRIVERS));
  return { kind: "season", races, constructors, drivers };
}

/** What was told before it counts, so one list that has to wait is for the next time. */
function failing<T>(list: ToldList<T> | PutOff): ToldList<T> {
  return list.kind === "put_off" ? { kind: "failed", reason: list.reason } : list;
}

/** The source cuts every list into such pages; a season has one of each. */
const PER_PAGE = 100;
const MOST_PAGES = 5;

/** The pages are cached apart from each other and may come from different moments, so they are compared before they count. */
async function wholeList<T>(client: Client, season: number, list: List<T>): Promise<ToldList<T> | PutOff> {
  const items: T[] = [];
  const totals = new Set<number>();
  for (let at = 0; at < MOST_PAGES; at += 1) {
    // One spelling always: the source caches by the exact address.
    const offset = at === 0 ? "" : `&offset=${at * PER_PAGE}`;
    const fetched = await client.fetch(`/${season}${list.path}.json?limit=${PER_PAGE}${offset}`);
    if (fetched.kind !== "fetched") return fetched;
    const page = readPage(fetched.body, season, list);
    if ("kind" in page) return page;
    items.push(...page.items);
    totals.add(page.total);
    if (totals.size > 1)
      return unreadable(`Its pages say ${[...totals].join(" and ")} rows: they are of different moments.`);
    const isLast = page.items.length < PER_PAGE || items.length >= page.total;
    if (isLast) return judged(items, page.total, list);
  }
  return unreadable(`The list has more than ${MOST_PAGES} pages.`);
}

function readPage<T>(body: string, season: number, list: List<T>): Page<T> | Unreadable {
  const json = parsed(body);
  if (json === undefined) return unreadable("The answer is not JSON.");
  if (saysTwice(body, json)) return unreadable("The answer says something twice.");
  const read = list.page.safeParse(json);
  if (!read.success) return unreadable(`The answer has another shape: ${faultsOf(read.error)}`);
  const other = read.data.seasons.find((one) => one !== String(season));
  return other === undefined ? read.data : unreadable(`The answer is about another season: ${other}.`);
}

function judged<T>(items: readonly T[], total: number, { keyOf }: List<T>): ToldList<T> {
  if (items.length !== total) return unreadable(`The answer holds ${items.length} of ${total} rows.`);
  const keys = items.map(keyOf);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  return twice === undefined ? { kind: "told", items } : unreadable(`${twice} is listed more than once.`);
}

function unreadable(reason: string): Unreadable {
  return { kind: "unreadable", reason };
}
