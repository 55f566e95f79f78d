/** Where programs such as redis-server are. */
export const PATH = process.env.PATH ?? "";
