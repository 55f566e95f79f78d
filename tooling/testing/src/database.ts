/** The door to databases for the tests of every room above the database's own. */
export { test } from "@pitwall/db/database.fixture";
export { aDatabase } from "@pitwall/rig/databases";
export { aProxy } from "@pitwall/rig/proxy";
