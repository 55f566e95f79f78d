/** Where programs are found, for processes that are started with an environment of their own. */
export const PATH = process.env.PATH ?? "";
