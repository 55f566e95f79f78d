/** Imported before a program: it ends with whoever started it, however that ended, since either way the pipe between them closes. */
process.stdin.once("end", () => process.exit(1)).resume();
