declare module "vitest" {
  interface ProvidedContext {
    /** A PostgreSQL on which databases may be made. */
    databaseServer: string;
    /** The name of an empty, migrated database to copy. */
    databaseTemplate: string;
    /** Null when there is no Redis here: what needs one is skipped. */
    redisUrl: string | null;
  }
}

export {};
