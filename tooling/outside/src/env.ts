/** The package manager that started this process, as it says of itself; undefined if none did. */
export const startedBy: string | undefined = process.env.npm_execpath;
export const inherited: NodeJS.ProcessEnv = process.env;
