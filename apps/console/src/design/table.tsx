import { type ColumnDef, flexRender, getCoreRowModel, type RowData, useReactTable } from "@tanstack/react-table";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useRef } from "react";
import { useTranslation } from "react-i18next";
import { problemOf } from "../shared/problem.ts";
import { More, type MoreToCome } from "./more.tsx";
import { Bone, Callout } from "./parts.tsx";
import { Scrolled } from "./scrolled.tsx";

declare module "@tanstack/react-table" {
  interface ColumnMeta<TData extends RowData, TValue> {
    /** Figures stand at the right, of one width. */
    readonly numeric?: boolean;
    readonly width?: number | string;
    /** Left out where there is no room: a cell that stays says the same in its second line. */
    readonly beside?: boolean;
    /** What stands in the last row: the sum of what is listed. */
    readonly sum?: ReactNode;
  }
}

/** Where rows come from: all at once, or page by page. */
export interface RowSource<Row> extends MoreToCome {
  readonly rows: readonly Row[] | undefined;
  readonly error: unknown;
  refetch?(): void;
}

/** Whether rows, or why there are none, have come: how high a table is decides where everything below it stands. */
export const hasCome = ({ rows, error }: Pick<RowSource<unknown>, "rows" | "error">): boolean =>
  rows !== undefined || Boolean(error);

interface TableProps<Row> {
  readonly label: string;
  readonly columns: readonly ColumnDef<Row, unknown>[];
  readonly source: RowSource<Row>;
  keyOf(row: Row): string;
  /** Why there is nothing, and when there will be. */
  readonly empty: ReactNode;
  readonly isChosen?: (row: Row) => boolean;
  onChoose?(row: Row): void;
  readonly hasSum?: boolean;
  /** Columns that are not drawn, by their ids. */
  readonly hidden?: readonly string[];
  /** What stands above the head, at its right end: views, columns, the file. */
  readonly tools?: ReactNode;
}

/** From so many rows on only those are drawn that can be seen. */
const DRAWN_AT_ONCE = 120;
const ROW_PX = 57;
const BONES = 8;

/** Rows with their head, their sum, and what stands there while they come, when there are none, and when they could not be read. */
export function DataTable<Row>(props: TableProps<Row>) {
  const { label, source, keyOf, empty, isChosen, onChoose, hasSum = false, hidden = [], tools } = props;
  const columns = props.columns.filter(({ id }) => id === undefined || !hidden.includes(id));
  const { rows, error } = source;
  const table = useReactTable({
    data: rows === undefined ? NO_ROWS : (rows as Row[]),
    columns: columns as ColumnDef<Row, unknown>[],
    getCoreRowModel: getCoreRowModel(),
    getRowId: keyOf,
  });
  const body = useRef<HTMLTableSectionElement>(null);
  const model = table.getRowModel().rows;
  const isLong = model.length > DRAWN_AT_ONCE;
  const virtual = useWindowVirtualizer({
    count: isLong ? model.length : 0,
    estimateSize: () => ROW_PX,
    overscan: 12,
    scrollMargin: body.current?.offsetTop ?? 0,
  });
  const seen = virtual.getVirtualItems();
  const drawn = isLong ? seen.flatMap(({ index }) => model[index] ?? []) : model;
  const above = isLong ? Math.max(0, (seen[0]?.start ?? 0) - virtual.options.scrollMargin) : 0;
  const below = isLong ? Math.max(0, virtual.getTotalSize() - ((seen.at(-1)?.end ?? 0) - virtual.options.scrollMargin)) : 0;
  const width = columns.length;
  return (
    <>
      {tools}
      <Scrolled label={label}>
        <table
          aria-label={label}
          className={columns.some(({ meta }) => meta?.beside) ? "narrows" : undefined}
          aria-busy={rows === undefined && !error}
        >
          <thead>
            {table.getHeaderGroups().map((group) => (
              <tr key={group.id}>
                {group.headers.map(({ id, column, getContext }) => (
                  <th key={id} scope="col" className={classOf(column.columnDef)} style={{ width: column.columnDef.meta?.width }}>
                    {flexRender(column.columnDef.header, getContext())}
                  </th>
                ))}
              </tr>
            ))}
          </thead>
          <tbody ref={body} onKeyDown={moveBetweenRows}>
            {error && rows === undefined ? (
              <FailedRow width={width} error={error} onAgain={source.refetch} />
            ) : rows === undefined ? (
              <BoneRows columns={columns} />
            ) : rows.length === 0 ? (
              <tr className="soft">
                <td colSpan={width}>{empty}</td>
              </tr>
            ) : (
              <>
                {above > 0 && <Gap width={width} height={above} />}
                {drawn.map((row) => (
                  <tr
                    key={row.id}
                    tabIndex={-1}
                    data-row
                    className={isChosen?.(row.original) ? "selected" : undefined}
                    aria-selected={isChosen?.(row.original)}
                    onClick={onChoose && (() => onChoose(row.original))}
                  >
                    {row.getVisibleCells().map((cell) => (
                      <td key={cell.id} className={classOf(cell.column.columnDef)}>
                        {flexRender(cell.column.columnDef.cell, cell.getContext())}
                      </td>
                    ))}
                  </tr>
                ))}
                {below > 0 && <Gap width={width} height={below} />}
              </>
            )}
          </tbody>
          {hasSum && rows !== undefined && rows.length > 0 && (
            <tfoot>
              <tr className="total">
                {columns.map((column, index) => (
                  <td key={index} className={classOf(column)}>
                    {column.meta?.sum}
                  </td>
                ))}
              </tr>
            </tfoot>
          )}
        </table>
      </Scrolled>
      <More source={source} />
    </>
  );
}

const NO_ROWS: never[] = [];

function classOf({ meta }: { meta?: { numeric?: boolean; beside?: boolean } | undefined }): string | undefined {
  return [meta?.numeric && "num", meta?.beside && "beside"].filter(Boolean).join(" ") || undefined;
}

function Gap({ width, height }: { width: number; height: number }) {
  return (
    <tr>
      <td colSpan={width} style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
}

/** In the widths of what is coming. */
function BoneRows<Row>({ columns }: { columns: readonly ColumnDef<Row, unknown>[] }) {
  return Array.from({ length: BONES }, (_, row) => (
    <tr key={row}>
      {columns.map((column, index) => (
        <td key={index} className={classOf(column)}>
          <Bone width={column.meta?.numeric ? 56 : 96 + ((row * 37 + index * 53) % 72)} />
        </td>
      ))}
    </tr>
  ));
}

function FailedRow({ width, error, onAgain }: { width: number; error: unknown; onAgain?: (() => void) | undefined }) {
  const { t } = useTranslation();
  return (
    <tr>
      <td colSpan={width}>
        <Callout is="bad">
          {problemOf(error)}{" "}
          {onAgain && (
            <button type="button" className="btn quiet small" onClick={onAgain}>
              {t("again")}
            </button>
          )}
        </Callout>
      </td>
    </tr>
  );
}

/** J and K go from row to row, Enter opens what the row is about. */
function moveBetweenRows(event: KeyboardEvent<HTMLTableSectionElement>): void {
  const row = (event.target as HTMLElement).closest<HTMLElement>("[data-row]");
  if (!row || event.target instanceof HTMLInputElement) return;
  const to = event.key === "j" ? row.nextElementSibling : event.key === "k" ? row.previousElementSibling : null;
  if (to instanceof HTMLElement && to.dataset.row !== undefined) to.focus();
  if (event.key === "Enter" && event.target === row) row.querySelector<HTMLElement>("a, button")?.click();
}
