import type { Mailer, ServiceContext } from "@pitwall/services/context";
import type { JobName, JobPayload } from "@pitwall/services/jobs";
import type { ResultSource, SeasonSource, Witness } from "../feed/source.ts";

/** Who is asked. */
export interface Sources {
  readonly source: ResultSource;
  /** Null where the calendar follows a clock of its own, as in a replay. */
  readonly seasons: SeasonSource | null;
  /** Who is heard beside the source, if anybody. */
  readonly witness?: Witness | undefined;
}

/** How mails leave the house. */
interface Post {
  /** Null where no mail server is known. */
  readonly mailer: Mailer | null;
  /** Where links lead, without a slash at the end; null where nobody knows. */
  readonly publicUrl: string | null;
}

const NO_POST: Post = { mailer: null, publicUrl: null };

export interface JobContext extends ServiceContext, Sources, Post {
  /** Says something to the person who asked for a task by hand; nobody listens to a worker. */
  readonly tell?: (words: string) => void;
}

type Parts = Omit<JobContext, "actor" | "now" | keyof Post> & Partial<Pick<JobContext, "now"> & Post>;

/** What the clock is given to work with; the moment is the real one unless somebody else turns it. */
export function jobContext(parts: Parts): JobContext {
  return { now: () => new Date(), ...NO_POST, ...parts, actor: { kind: "system", name: "clock" } };
}

/** A job is the clock speaking: it calls services. A throw means that the next tick tries again. */
export type Task<N extends JobName> = (ctx: JobContext, payload: JobPayload<N>) => Promise<void>;
