import type { ServiceContext } from "@pitwall/services/context";
import type { JobName, JobPayload } from "@pitwall/services/jobs";
import type { ResultSource } from "../feed/source.ts";

export interface JobContext extends ServiceContext {
  readonly source: ResultSource;
}

/** What the clock is given to work with; the moment is the real one unless somebody else turns it. */
export function jobContext(parts: Omit<JobContext, "actor" | "now"> & Partial<Pick<JobContext, "now">>): JobContext {
  return { now: () => new Date(), ...parts, actor: { kind: "system", name: "clock" } };
}

/** A job is the clock speaking: it calls services. A throw means that the next tick tries again. */
export type Task<N extends JobName> = (ctx: JobContext, payload: JobPayload<N>) => Promise<void>;
