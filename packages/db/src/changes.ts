/** Where the database tells that something changed which everybody may read: each word is the name of a table. */
export const CHANGES = "pitwall_changes";
