import type { ServiceContext } from "@pitwall/services/context";
import type { JobName, JobPayload } from "@pitwall/services/jobs";
import type { ResultSource } from "../feed/source.ts";

export interface JobContext extends ServiceContext {
  readonly source: ResultSource;
}

/** A job is the clock speaking: it calls services. A throw means that the next tick tries again. */
export type Task<N extends JobName> = (ctx: JobContext, payload: JobPayload<N>) => Promise<void>;
