import { z } from "@hono/zod-openapi";
import { BadCsv, type CsvRecord, type CsvShape, parseCsv } from "../csv-read.ts";
import { HubError } from "../errors.ts";
import type { RowError } from "../row-errors.ts";
import { TOLD_PATTERN } from "../row-outcomes.ts";
import { demandAdmin, exactJson } from "./shapes.ts";

/** What the routes share that take a file as text: its lines, and what is wrong with them. */

/** A file over the API; a longer one is for the command line, which tells how far it is. */
const MOST_LINES = 50_000;

/** So many columns that are not read are told of, by the beginning of their names. */
const MOST_IGNORED = 100;
const LONGEST_IGNORED = 200;

/** The fields of an answer that say what is wrong with a file. */
export const fileFaults = {
  refused: z.int().openapi({ description: "How many fields are wrong; with any, nothing is written" }),
  errors: z.array(
    z.object({
      line: z.int(),
      field: z.string(),
      message: z.string(),
      more: z.int().openapi({ description: "In how many later lines the same is wrong" }),
    }),
  ),
  ignored_columns: z.array(z.string()).openapi({ description: `Columns that nothing is read from, at most ${MOST_IGNORED}` }),
};

/** What a preview told of each line, to be sent back with the act. */
export const toldText = z
  .string()
  .openapi({ description: "What each line does; sent with the act, lines that do something else by then are refused" });
export const toldBefore = z.string().regex(TOLD_PATTERN, "take it from `told` of the preview").optional().openapi({
  description: "The `told` of the preview: a line that does something else by now is refused, and nothing is written",
});

/** How a file is called where it was chosen: for people who look how far its import is. */
export const fileName = z.string().max(200).optional().openapi({ example: "people.csv", description: "How the file is called" });

/** How a route is called that takes a file: `schema` is of its body. */
export function ofFile<Schema extends z.ZodType>(schema: Schema) {
  return {
    method: "post" as const,
    middleware: [demandAdmin, exactJson] as [typeof demandAdmin, typeof exactJson],
    request: { body: { required: true, content: { "application/json": { schema } } } },
  };
}

interface Checked {
  readonly errors: readonly RowError[];
  readonly errorCount: number;
}

export interface ReadFile<Row> {
  readonly rows: readonly Row[];
  readonly ignored: readonly string[];
}

/** The lines of a file that came as a text. Throws HubError where it is no table, or too long. */
export async function readFileText<Row>(csv: string, shape: CsvShape, rowOf: (record: CsvRecord) => Row): Promise<ReadFile<Row>> {
  let ignored: readonly string[] = [];
  const onIgnored = (columns: readonly string[]) => {
    ignored = columns.slice(0, MOST_IGNORED).map((column) => column.slice(0, LONGEST_IGNORED));
  };
  try {
    const records = await parseCsv(Buffer.from(csv, "utf8"), shape, { name: "The file", onIgnored });
    if (records.length > MOST_LINES)
      throw new BadCsv(
        `The file has ${records.length} lines, more than ${MOST_LINES}: cut it in two, or import it by the command line.`,
      );
    return { rows: records.map(rowOf), ignored };
  } catch (error) {
    if (!(error instanceof BadCsv)) throw error;
    throw new HubError("unprocessable", error.message, { fields: [{ path: "csv", message: error.message }], cause: error });
  }
}

/** What the answer says of wrong lines. */
export function faultsOf({ ignored }: Pick<ReadFile<unknown>, "ignored">, { errors, errorCount }: Checked) {
  return {
    refused: errorCount,
    errors: errors.map(({ more = 0, ...error }) => ({ ...error, more })),
    ignored_columns: [...ignored],
  };
}

/** Refuses a file that was to be written and has wrong lines. */
export function refusedFile({ errors, errorCount }: Checked): HubError {
  const fields = errors.map(({ line, field, message }) => ({ path: `csv.${line}.${field}`, message }));
  return new HubError("unprocessable", `Nothing was imported: ${errorCount} fields are wrong. Look at the preview.`, { fields });
}
