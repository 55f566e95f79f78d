const FRAME = String.raw`\bat .*(\.[cm]?[jt]sx?|node:[\w/]+):\d+:\d+`;
const VALUES = String.raw`Failed query|params:|\$argon2|postgres(ql)?:\/\/|redis:\/\/|Unexpected token`;

/** The kind of thing no answer, header or log line may say, whatever went wrong. */
export const LEAK = new RegExp(`${VALUES}|${FRAME}|violates .* constraint|node_modules|ECONN|ENOTFOUND`);

/** The line of an error says what failed and where, for whoever is to mend it; never what with. */
export const LEAK_OF_ERRORS = new RegExp(VALUES);

/** Where tokens are not given out. */
export const TOKEN = /eyJ[\w-]+\.eyJ/;
