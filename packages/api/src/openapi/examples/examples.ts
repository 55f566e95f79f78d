/** What a subject shows: small, true to life, and valid against the schemas, which a test sees to. */
export interface Examples {
  /** Of the named shapes, by their names. */
  readonly shapes: Readonly<Record<string, unknown>>;
  /** Of bodies that are sent, by procedure. */
  readonly requests: Readonly<Record<string, unknown>>;
  /** Of answers that are neither a named shape nor a list of one, by procedure. */
  readonly answers: Readonly<Record<string, unknown>>;
}

export const ids = {
  anna: "01990c1e-5b7a-7c3d-8e21-4f6a9b0c1d2e",
  ben: "01990c1e-61f4-7a90-9b3c-7d8e0f1a2b3c",
  slipstream: "01990c20-0d42-7f18-a6b5-0c9d8e7f6a5b",
  undercut: "01990c20-7e19-7b64-8d70-1a2b3c4d5e6f",
  friends: "01990c22-93ab-7e05-b1f4-9e8d7c6b5a49",
  session: "01990c24-1122-7d3e-9c4b-5a6978870615",
  notification: "01990c26-4a5b-7c6d-8e9f-0a1b2c3d4e5f",
  run: "01990c28-7c8d-7e9f-a0b1-c2d3e4f50617",
  worker: "01990c2a-9a8b-7c7d-8e6f-5a4b3c2d1e0f",
} as const;

/** Within the budget, and at most two of each constructor. */
export const five = ["antonelli", "arvid_lindblad", "bortoleto", "leclerc", "max_verstappen"];

export const digest = "9f2c41d07be6a8350c1d4e7f92b3a6c8d5e0f1a2b3c4d5e6f708192a3b4c5d6e";
