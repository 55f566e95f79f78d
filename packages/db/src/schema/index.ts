export * from "./drivers.ts";
export * from "./leagues.ts";
export * from "./notifications.ts";
export * from "./results.ts";
export * from "./scores.ts";
export * from "./seasons.ts";
export * from "./teams.ts";
export * from "./users.ts";
