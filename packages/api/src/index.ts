export { type ApiContext, contextOf, type Origin } from "./context.ts";
export { doorFaults, faultOf, isOurs, PublicError, type PublicFault } from "./errors.ts";
export { type Counted, RATE_LIMITS, type RateLimit, type RateLimits } from "./limits.ts";
export { isJson } from "./media-types.ts";
export { openApiDocument } from "./openapi.ts";
export { type Asked, type Problem, problemResponse } from "./problems.ts";
export type { AppRouter } from "./procedures.ts";
export { answerRest } from "./rest.ts";
export { appRouter, type Caller, callerFor } from "./router.ts";
