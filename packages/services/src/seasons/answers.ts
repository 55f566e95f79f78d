import type { CalendarRace } from "./calendar.ts";

/** A person as a source lists them; what it leaves out is not known to it. */
export interface ToldDriver {
  readonly id: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly code?: string | undefined;
  readonly nationality?: string | undefined;
  readonly dateOfBirth?: string | undefined;
}

export interface ToldConstructor {
  readonly id: string;
  readonly name: string;
  readonly nationality: string;
}

/** One list of a source, whole, or why there is none. */
export type ToldList<T> =
  | { readonly kind: "told"; readonly items: readonly T[] }
  | { readonly kind: "unreadable"; readonly reason: string }
  | { readonly kind: "failed"; readonly reason: string };

/** What a source said when asked for a season. Each list is judged by itself: a moved start must not wait for a driver's name. */
export interface SeasonAnswer {
  readonly kind: "season";
  readonly races: ToldList<CalendarRace>;
  readonly constructors: ToldList<ToldConstructor>;
  readonly drivers: ToldList<ToldDriver>;
}
