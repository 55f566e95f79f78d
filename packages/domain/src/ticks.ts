import { DAY, MINUTE } from "./durations.ts";

/** Further ahead nobody needs to know, and every rhythm of ours has come round by then. */
const HORIZON = 35 * DAY;

/** When cron would speak next, in UTC; null if not within five weeks. It knows stars, numbers, and stars divided by numbers. */
export function nextTick(match: string, after: Date): Date | null {
  const [minute, hour, date, month, weekday, ...more] = match.split(" ").map(matcherOf);
  if (!minute || !hour || !date || !month || !weekday || more.length > 0)
    throw new RangeError(`"${match}" is not how cron writes a rhythm`);
  const first = (Math.floor(after.getTime() / MINUTE) + 1) * MINUTE;
  for (let moment = first; moment <= first + HORIZON; moment += MINUTE) {
    const at = new Date(moment);
    if (
      minute(at.getUTCMinutes()) &&
      hour(at.getUTCHours()) &&
      date(at.getUTCDate()) &&
      month(at.getUTCMonth() + 1) &&
      weekday(at.getUTCDay())
    )
      return at;
  }
  return null;
}

function matcherOf(word: string): (value: number) => boolean {
  if (word === "*") return () => true;
  const [, every] = /^\*\/([1-9]\d?)$/.exec(word) ?? [];
  if (every !== undefined) return (value) => value % Number(every) === 0;
  if (!/^\d{1,2}$/.test(word)) throw new RangeError(`"${word}" is not how cron writes a rhythm`);
  return (value) => value === Number(word);
}
