import type { Classification } from "@pitwall/domain/classifications";

/** Sources answer from copies of what they know. */
export interface Copy {
  readonly madeAt: Date;
  /** Until then the source answers from this copy again; null when it does not keep it. */
  readonly freshUntil: Date | null;
}

/** What a source said when asked for a race's classification; `body` is kept word for word. */
export type Answer =
  | {
      readonly kind: "classification";
      readonly classification: Classification;
      readonly body: string;
      readonly copy?: Copy;
    }
  | { readonly kind: "none_yet"; readonly copy?: Copy }
  | { readonly kind: "unreadable"; readonly reason: string; readonly body: string }
  | { readonly kind: "failed"; readonly reason: string; readonly retryAfterMs?: number };

/** How a race stood when its source was asked. */
export interface AskedOf {
  readonly revision: number | null;
  readonly lookedAt: Date | null;
}

export interface ReceivedAnswer {
  readonly raceId: number;
  /** An answer that comes after a later one was believed is old news, and counts for nothing. */
  readonly askedOf?: AskedOf | undefined;
  readonly source: string;
  readonly answer: Answer;
}

export type LookOutcome =
  | "recorded"
  | "corrected"
  | "unchanged"
  | "none_yet"
  | "vanished"
  | "held"
  | "unreadable"
  | "failed"
  | "overtaken";
