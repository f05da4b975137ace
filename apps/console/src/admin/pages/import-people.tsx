import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Count } from "../../design/amount.tsx";
import { Field } from "../../design/filters.tsx";
import { Door, Page, Section } from "../../design/page.tsx";
import { Callout, Defs } from "../../design/parts.tsx";
import { DataTable } from "../../design/table.tsx";
import { useCompany, usePlace } from "../../shared/company.tsx";
import { hub, queries } from "../../shared/hub.ts";
import { beginningOf } from "../../shared/moments.ts";
import { formatDecimal } from "../../shared/money.ts";
import { problemOf } from "../../shared/problem.ts";
import { ADMINS } from "../rights.ts";
import { renewNetwork } from "./move-sponsor.tsx";

const previewOf = hub.distributors.import.preview;
type Told = BodyOf<Awaited<ReturnType<typeof previewOf.$post>>>;
type Wrong = Told["errors"][number];
type Move = Told["moves"][number];

interface Chosen {
  readonly name: string;
  readonly csv: string;
}

/** People from a file: what it would change, and what is wrong with it, stands here before anything is written. */
export default function ImportPeople() {
  const { t } = useTranslation();
  const { role, zone } = useCompany();
  const [file, setFile] = useState<Chosen | null>(null);
  const [day, setDay] = useState("");
  const [unreadable, setUnreadable] = useState<string | null>(null);
  const jsonOf = (one: Chosen, from: string) => ({ csv: one.csv, ...(from !== "" && { from: beginningOf(from, zone) }) });
  const look = useMutation({
    mutationFn: ({ one, from }: { one: Chosen; from: string }) => answerOf(previewOf.$post({ json: jsonOf(one, from) })),
  });
  const bring = useMutation({
    mutationFn: (one: Chosen) => answerOf(hub.distributors.import.$post({ json: jsonOf(one, day) })),
    onSuccess: () => {
      renewNetwork();
      void queries.invalidateQueries({ queryKey: ["placement-trees"] });
      setFile(null);
    },
  });
  const choose = async (picked: File | undefined) => {
    setFile(null);
    setUnreadable(null);
    look.reset();
    bring.reset();
    if (picked === undefined) return;
    const csv = await textOf(picked);
    if (csv === null) return setUnreadable(t("bring.notUtf8", { name: picked.name }));
    const one = { name: picked.name, csv };
    setFile(one);
    look.mutate({ one, from: day });
  };
  const preview = file === null ? undefined : look.data;
  if (!ADMINS.includes(role)) return <p className="empty">{t("bring.notYours")}</p>;
  return (
    <Page
      title={t("bring.title")}
      about={t("bring.about")}
      crumbs={[
        <Link key="network" to="/network">
          {t("nav.network")}
        </Link>,
      ]}
    >
      <div className="cols">
        <div className="stack">
          <Field name={t("bring.file")} help={t("bring.fileHelp")} error={unreadable ?? undefined}>
            <input
              className="input"
              type="file"
              accept=".csv,text/csv"
              onChange={({ target }) => void choose(target.files?.[0])}
            />
          </Field>
          <Field name={t("move.from")} help={t("bring.fromHelp")}>
            <input
              className="input"
              type="date"
              value={day}
              onChange={({ target }) => {
                setDay(target.value);
                if (file !== null) look.mutate({ one: file, from: target.value });
              }}
            />
          </Field>
          {bring.data && (
            <Callout is="good">
              {t("bring.done", { enrolled: bring.data.enrolled, updated: bring.data.updated, moved: bring.data.moved })}{" "}
              <Link to="/network">{t("bring.toNetwork")}</Link>
            </Callout>
          )}
          {look.error && <Callout is="bad">{problemOf(look.error)}</Callout>}
          {look.isPending && <p className="sub">{t("bring.looking", { name: file?.name ?? "" })}</p>}
          {preview && preview.errors.length > 0 && <WrongLines preview={preview} />}
          {preview && preview.moves.length > 0 && <Moves preview={preview} />}
        </div>
        {/* What is wrong is read in the table: there is nothing to decide, and nothing may lie over it. */}
        <aside className={`panel side-sticky${preview && preview.refused > 0 ? "" : " decision"}`} aria-live="polite">
          <h2>{file === null ? t("bring.chooseFirst") : file.name}</h2>
          {file === null && <p className="sub">{t("bring.chooseWhy")}</p>}
          {file !== null && preview && (
            <Decision
              preview={preview}
              isBusy={bring.isPending}
              isOld={look.isPending}
              error={bring.error}
              onAct={() => bring.mutate(file)}
            />
          )}
        </aside>
      </div>
    </Page>
  );
}

/** A file in another encoding would be stored as broken names. */
async function textOf(file: File): Promise<string | null> {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(await file.arrayBuffer());
  } catch {
    return null;
  }
}

function Decision({
  preview,
  isBusy,
  isOld,
  error,
  onAct,
}: {
  preview: Told;
  isBusy: boolean;
  isOld: boolean;
  error: unknown;
  onAct: () => void;
}) {
  const { t } = useTranslation();
  const { enrolled, updated, moved, unchanged, refused, lines, ignored_columns: ignored } = preview;
  const count = enrolled + updated;
  const row = (name: string, value: number, isTotal = false) => ({ name, value: <Count value={value} />, isTotal });
  return (
    <div className="stack">
      {refused > 0 ? (
        <>
          <Defs rows={[row(t("bring.refused"), refused), row(t("bring.lines"), lines, true)]} />
          <Callout is="bad">{t("bring.nothing")}</Callout>
        </>
      ) : (
        <Defs
          rows={[
            row(t("bring.enrolled"), enrolled),
            row(t("bring.moved"), moved),
            row(t("bring.updated"), updated - moved),
            row(t("bring.unchanged"), unchanged),
            row(t("bring.lines"), lines, true),
          ]}
        />
      )}
      {ignored.length > 0 && <p className="note">{t("bring.ignored", { columns: ignored.join(", ") })}</p>}
      {error !== null && error !== undefined && <Callout is="bad">{problemOf(error)}</Callout>}
      {refused === 0 && (
        <button type="button" className="btn primary wide" disabled={count === 0 || isBusy || isOld} onClick={onAct}>
          {isBusy
            ? t("bring.writing", { count: lines })
            : count === 0
              ? t("bring.nothingNew")
              : t("bring.act", { enrolled, updated })}
        </button>
      )}
    </div>
  );
}

function WrongLines({ preview }: { preview: Told }) {
  const { t } = useTranslation();
  const { language } = usePlace();
  const columns: ColumnDef<Wrong, unknown>[] = [
    {
      id: "line",
      header: t("bring.line"),
      meta: { width: 110 },
      cell: ({ row: { original } }) => (
        <>
          {original.line}
          {original.more > 0 && (
            <span className="second">{t("bring.more", { lines: formatDecimal(String(original.more), language) })}</span>
          )}
        </>
      ),
    },
    { id: "field", header: t("bring.field"), cell: ({ row }) => <span className="mono">{row.original.field}</span> },
    { id: "message", header: t("bring.wrong"), cell: ({ row }) => row.original.message },
  ];
  return (
    <Section title={t("bring.wrongTitle", { count: preview.refused })}>
      <DataTable
        label={t("bring.wrongTitle", { count: preview.refused })}
        columns={columns}
        source={{ rows: preview.errors, error: null }}
        keyOf={(one) => `${one.line} ${one.field} ${one.message}`}
        empty=""
      />
    </Section>
  );
}

/** Who gets another sponsor, and which closes count the new line with how much. */
function Moves({ preview }: { preview: Told }) {
  const { t } = useTranslation();
  const { language } = usePlace();
  const nameOf = (one: Move["from"]) => (one === null ? t("person.company") : (one.name ?? one.distributor_id));
  const columns: ColumnDef<Move, unknown>[] = [
    { id: "line", header: t("bring.line"), meta: { width: 60 }, cell: ({ row }) => row.original.line },
    {
      id: "who",
      header: t("move.who"),
      cell: ({ row: { original } }) => (
        <>
          <Door to="/network" search={{ chosen: original.distributor.distributor_id }}>
            {nameOf(original.distributor)}
          </Door>
          {original.people_below > 0 && <span className="second">{t("bring.below", { count: original.people_below })}</span>}
        </>
      ),
    },
    {
      id: "way",
      header: t("move.way"),
      cell: ({ row: { original } }) => `${nameOf(original.from)} → ${nameOf(original.to)}`,
    },
    {
      id: "counts",
      header: t("bring.counts"),
      cell: ({ row: { original } }) =>
        original.periods.length === 0
          ? t("move.noClose")
          : original.periods
              .map((period) =>
                period.pv === null
                  ? t("bring.countsMany", { name: period.name })
                  : t("bring.countsVolume", { name: period.name, pv: formatDecimal(period.pv, language) }),
              )
              .join(", "),
    },
  ];
  return (
    <Section
      title={t("bring.movesTitle", { count: preview.moved })}
      aside={preview.moved > preview.moves.length ? t("bring.movesFirst", { count: preview.moves.length }) : undefined}
    >
      <DataTable
        label={t("bring.movesTitle", { count: preview.moved })}
        columns={columns}
        source={{ rows: preview.moves, error: null }}
        keyOf={(one) => String(one.line)}
        empty=""
      />
      <p className="note">{t("bring.movesKeep")}</p>
    </Section>
  );
}
