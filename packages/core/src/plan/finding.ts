/** One finding: an `error` refuses publication, a `warning` asks for a second look, a `note` is good to know. */
export interface Finding {
  readonly severity: "error" | "warning" | "note";
  readonly rule: string;
  readonly path: string;
  readonly wrong: string;
  readonly right: string;
}
