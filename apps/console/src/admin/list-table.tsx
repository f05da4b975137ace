import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import type { ComponentProps } from "react";
import { useTranslation } from "react-i18next";
import { Disclosure } from "../design/disclosure.tsx";
import { DataTable } from "../design/table.tsx";
import { csvAddress } from "../shared/csv.ts";
import { Views } from "./views.tsx";

type TableProps<Row> = ComponentProps<typeof DataTable<Row>>;

interface ListTableProps<Row> extends Omit<TableProps<Row>, "hidden" | "tools"> {
  /** The list that is shown, with its filters: the file holds all of it, also what is not read yet. */
  readonly csv?: URL;
  /** Whose views are kept: the page's path. Of several tables on a page one has them. */
  readonly page?: string;
}

/** A table of one of the hub's lists: kept views, columns and the file stand above its head. */
export function ListTable<Row>({ csv, page, ...table }: ListTableProps<Row>) {
  const { hide } = useSearch({ strict: false }) as { readonly hide?: string | undefined };
  const hidden = page === undefined || hide === undefined ? [] : hide.split(",");
  const tools = (csv !== undefined || page !== undefined) && (
    <div className="table-tools">
      {page !== undefined && <Views page={page} />}
      {page !== undefined && <Columns columns={table.columns} hidden={hidden} />}
      {csv !== undefined && <CsvDoor list={csv} />}
    </div>
  );
  return <DataTable {...table} hidden={hidden} tools={tools} />;
}

/** A list as a file, whole. */
export function CsvDoor({ list }: { list: URL }) {
  const { t } = useTranslation();
  return (
    <a className="btn quiet small" href={csvAddress(list)} download title={t("table.csvWhy")}>
      {t("table.csv")}
    </a>
  );
}

/** Which columns are looked at; the first says what a row is, and stays. */
function Columns<Row>({ columns, hidden }: { columns: readonly ColumnDef<Row, unknown>[]; hidden: readonly string[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const named = columns.filter(({ id, header }) => id !== undefined && typeof header === "string");
  const set = (next: readonly string[]) =>
    void navigate({
      to: ".",
      search: ((search: object) => ({ ...search, hide: next.length === 0 ? undefined : next.join(",") })) as never,
      replace: true,
    });
  return (
    <Disclosure word={hidden.length === 0 ? t("table.columns") : t("table.columnsLess", { count: hidden.length })}>
      {() => (
        <fieldset className="stack">
          <legend className="vh">{t("table.columns")}</legend>
          {named.slice(1).map(({ id = "", header }) => (
            <label key={id} className="tick">
              <input
                type="checkbox"
                checked={!hidden.includes(id)}
                onChange={({ target }) => set(target.checked ? hidden.filter((one) => one !== id) : [...hidden, id])}
              />
              {String(header)}
            </label>
          ))}
          {hidden.length > 0 && (
            <button type="button" className="btn small" onClick={() => set([])}>
              {t("table.allColumns")}
            </button>
          )}
        </fieldset>
      )}
    </Disclosure>
  );
}
