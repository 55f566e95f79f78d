export { type ApiContext, contextOf } from "./context.ts";
export { doorFaults, faultOf, isOurs, PublicError, type PublicFault } from "./errors.ts";
export { type Counted, RATE_LIMITS, type RateLimits } from "./limits.ts";
export { isJson } from "./media-types.ts";
export { openApiDocument } from "./openapi.ts";
export { problemResponse } from "./problems.ts";
export { answerRest } from "./rest.ts";
export { appRouter, type Caller, callerFor } from "./router.ts";
export { ACCESS_COOKIE, REFRESH_COOKIE, type SessionCookies } from "./session-cookies.ts";
