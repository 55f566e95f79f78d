/** The door to the fixture for every room above the database's own. */
export { type TestDatabase, test } from "@pitwall/db/database.fixture";
