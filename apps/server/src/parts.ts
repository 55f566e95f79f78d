/** An answer in parts. To amend the headers of a `Response` costs more than most answers do, since each is judged anew. */
export interface Parts {
  readonly status: number;
  /** By their names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}
