import type { ColumnDef } from "@tanstack/react-table";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Count } from "../design/amount.tsx";
import { Field } from "../design/filters.tsx";
import { Section } from "../design/page.tsx";
import { Callout, Defs } from "../design/parts.tsx";
import { DataTable } from "../design/table.tsx";
import { usePlace } from "../shared/company.tsx";
import { formatDecimal } from "../shared/money.ts";
import { problemOf } from "../shared/problem.ts";

import { type ImportOf, ImportProgress } from "./import-progress.tsx";

/** What the pages share that bring something in from a file: it is chosen, looked through, and only then written. */

export interface ChosenFile {
  readonly name: string;
  readonly csv: string;
}

/** What the hub says of any file that it looked through. */
interface Told {
  readonly lines: number;
  readonly refused: number;
  readonly errors: readonly { readonly line: number; readonly field: string; readonly message: string; readonly more: number }[];
  readonly ignored_columns: readonly string[];
}

/** The file that is chosen now, and why one cannot be read. */
export function useFile({ onBegin, onChosen }: { onBegin: () => void; onChosen: (file: ChosenFile) => void }) {
  const { t } = useTranslation();
  const [file, setFile] = useState<ChosenFile | null>(null);
  const [unreadable, setUnreadable] = useState<string | null>(null);
  const choose = async (picked: File | undefined) => {
    setFile(null);
    setUnreadable(null);
    onBegin();
    if (picked === undefined) return;
    const csv = await textOf(picked);
    if (csv === null) return setUnreadable(t("file.notUtf8", { name: picked.name }));
    const one = { name: picked.name, csv };
    setFile(one);
    onChosen(one);
  };
  return { file, unreadable, choose, letGo: () => setFile(null) };
}

/** A file in another encoding would be stored as broken names. */
async function textOf(file: File): Promise<string | null> {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(await file.arrayBuffer());
  } catch {
    return null;
  }
}

export function FileField({ help, chosen }: { help: string; chosen: ReturnType<typeof useFile> }) {
  const { t } = useTranslation();
  return (
    <Field name={t("file.csv")} help={help} error={chosen.unreadable ?? undefined}>
      <input
        className="input"
        type="file"
        accept=".csv,text/csv"
        // The same file, corrected, is chosen again: of a field that holds it nothing would be heard.
        onClick={({ currentTarget }) => {
          currentTarget.value = "";
        }}
        onChange={({ target }) => void chosen.choose(target.files?.[0])}
      />
    </Field>
  );
}

/** The panel beside: which file it is, what it would do, and the act. */
export function FilePanel({
  file,
  preview,
  rows,
  act,
  count,
  isBusy,
  isOld,
  error,
  onAct,
  onAgain,
  progress,
  children,
}: {
  file: ChosenFile | null;
  preview: Told | undefined;
  /** How many lines do what; none where any is wrong. */
  rows: readonly { readonly name: string; readonly value: number }[];
  act: string;
  /** How many lines say something new. */
  count: number;
  isBusy: boolean;
  isOld: boolean;
  error: unknown;
  onAct: () => void;
  /** Looks through the file anew: what it would do may have changed since. */
  onAgain: () => void;
  /** The import that is under way, here or on another page. */
  progress: ImportOf | null;
  children?: ReactNode;
}) {
  const { t } = useTranslation();
  const row = (name: string, value: number, isTotal = false) => ({ name, value: <Count value={value} />, isTotal });
  const isWrong = preview !== undefined && preview.refused > 0;
  // A few figures may stay in sight; what is wrong, and what would be paid, is read and lies over no table.
  return (
    <aside className={`panel side-sticky${isWrong || children ? "" : " decision"}`} aria-live="polite">
      <h2>{file?.name ?? (progress === null ? t("file.chooseFirst") : (progress.file ?? t("file.underWay")))}</h2>
      {file === null && progress === null && <p className="sub">{t("file.chooseWhy")}</p>}
      {file === null && progress !== null && <ImportProgress of={progress} />}
      {file !== null && preview && (
        <div className="stack">
          <Defs
            rows={[
              ...(isWrong ? [row(t("file.refused"), preview.refused)] : rows.map(({ name, value }) => row(name, value))),
              row(t("file.lines"), preview.lines, true),
            ]}
          />
          {isWrong && <Callout is="bad">{t("file.nothing")}</Callout>}
          {preview.ignored_columns.length > 0 && (
            <p className="note">{t("file.ignored", { columns: preview.ignored_columns.join(", ") })}</p>
          )}
          {!isWrong && children}
          {error !== null && error !== undefined && (
            <Callout is="bad">
              {problemOf(error)}
              <p style={{ paddingTop: 8 }}>
                <button type="button" className="btn small" onClick={onAgain}>
                  {t("file.again")}
                </button>
              </p>
            </Callout>
          )}
          {progress !== null && <ImportProgress of={progress} />}
          {!isWrong && (
            <button
              type="button"
              className="btn primary wide"
              disabled={count === 0 || isBusy || isOld || progress !== null}
              onClick={onAct}
            >
              {isBusy ? t("file.writing", { count: preview.lines }) : count === 0 ? t("file.nothingNew") : act}
            </button>
          )}
        </div>
      )}
    </aside>
  );
}

/** What is wrong with a file, by line and column, with what would do. */
export function WrongLines({ preview }: { preview: Told }) {
  const { t } = useTranslation();
  const { language } = usePlace();
  const columns: ColumnDef<Told["errors"][number], unknown>[] = [
    {
      id: "line",
      header: t("file.line"),
      meta: { width: 64 },
      cell: ({ row: { original } }) => (
        <>
          {original.line}
          {original.more > 0 && (
            <span className="second">{t("file.more", { lines: formatDecimal(String(original.more), language) })}</span>
          )}
        </>
      ),
    },
    { id: "field", header: t("file.field"), cell: ({ row }) => <span className="mono">{row.original.field}</span> },
    { id: "message", header: t("file.wrong"), cell: ({ row }) => row.original.message },
  ];
  return (
    <Section title={t("file.wrongTitle", { count: preview.refused })}>
      <div className="fits">
        <DataTable
          label={t("file.wrongTitle", { count: preview.refused })}
          columns={columns}
          source={{ rows: preview.errors, error: null }}
          keyOf={(one) => `${one.line} ${one.field} ${one.message}`}
          empty=""
        />
      </div>
    </Section>
  );
}
