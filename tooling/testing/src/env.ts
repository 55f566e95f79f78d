/** A server on which tests may create and drop databases, instead of one of their own. */
export const TEST_DATABASE_URL = process.env.TEST_DATABASE_URL;

/** Tests only touch keys under a prefix of their own. */
export const REDIS_URL = process.env.REDIS_URL;

export const PATH = process.env.PATH ?? "";
