import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import { answerOf, type BodyOf } from "@upline/hub/client";
import type { TFunction } from "i18next";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { z } from "zod";
import { Field } from "../../design/filters.tsx";
import { Door, Page, Section } from "../../design/page.tsx";
import { Callout } from "../../design/parts.tsx";
import { DataTable } from "../../design/table.tsx";
import { useCompany, usePlace } from "../../shared/company.tsx";
import { hub, queries } from "../../shared/hub.ts";
import { beginningOf } from "../../shared/moments.ts";
import { formatDecimal } from "../../shared/money.ts";
import { problemOf } from "../../shared/problem.ts";
import { type ChosenFile, FileField, FilePanel, useFile, WrongLines } from "../file-import.tsx";
import { ImportFailed, useImport } from "../import-progress.tsx";
import { ADMINS } from "../rights.ts";
import { renewNetwork } from "./move-sponsor.tsx";

const previewOf = hub.distributors.import.preview;
type Told = BodyOf<Awaited<ReturnType<typeof previewOf.$post>>>;
type Move = Told["moves"][number];
/** What is kept of an import that ended while this page was loaded anew. */
const told = z.object({ enrolled: z.int(), updated: z.int(), moved: z.int() });

/** People from a file: what it would change, and what is wrong with it, stands here before anything is written. */
export default function ImportPeople() {
  const { t } = useTranslation();
  const { role, zone } = useCompany();
  const [day, setDay] = useState("");
  const jsonOf = (one: ChosenFile, from: string) => ({
    csv: one.csv,
    name: one.name,
    ...(from !== "" && { from: beginningOf(from, zone) }),
  });
  const look = useMutation({
    mutationFn: ({ one, from }: { one: ChosenFile; from: string }) => answerOf(previewOf.$post({ json: jsonOf(one, from) })),
  });
  const bring = useMutation({
    // What the preview told goes along: a line that would do something else by now is refused.
    mutationFn: (one: ChosenFile) =>
      answerOf(hub.distributors.import.$post({ json: { ...jsonOf(one, day), told: look.data?.told } })),
    onSuccess: () => {
      renewNetwork();
      void queries.invalidateQueries({ queryKey: ["placement-trees"] });
      chosen.letGo();
    },
  });
  const chosen = useFile({
    onBegin: () => {
      look.reset();
      bring.reset();
    },
    onChosen: (one) => look.mutate({ one, from: day }),
  });
  const { file } = chosen;
  const { underWay, ended } = useImport("people", bring.isPending);
  const done = bring.data ?? told.safeParse(ended?.told).data;
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
          <FileField help={t("bring.fileHelp")} chosen={chosen} />
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
          {ended !== null && !bring.error && <ImportFailed of={ended} />}
          {done && (
            <Callout is="good">
              {t("bring.done", { enrolled: done.enrolled, updated: done.updated, moved: done.moved })}{" "}
              <Link to="/network">{t("bring.toNetwork")}</Link>
            </Callout>
          )}
          {look.error && <Callout is="bad">{problemOf(look.error)}</Callout>}
          {look.isPending && <p className="sub">{t("file.looking", { name: file?.name ?? "" })}</p>}
          {preview && preview.errors.length > 0 && <WrongLines preview={preview} />}
          {preview && preview.moves.length > 0 && <Moves preview={preview} />}
        </div>
        <FilePanel
          file={file}
          preview={preview}
          rows={preview ? rowsOf(preview, t) : []}
          act={t("bring.act", { enrolled: preview?.enrolled ?? 0, updated: preview?.updated ?? 0 })}
          count={preview ? preview.enrolled + preview.updated : 0}
          isBusy={bring.isPending}
          isOld={look.isPending}
          error={bring.error}
          progress={underWay}
          onAct={() => file && bring.mutate(file)}
          onAgain={() => {
            bring.reset();
            if (file !== null) look.mutate({ one: file, from: day });
          }}
        />
      </div>
    </Page>
  );
}

function rowsOf({ enrolled, updated, moved, unchanged }: Told, t: TFunction) {
  return [
    { name: t("bring.enrolled"), value: enrolled },
    { name: t("bring.moved"), value: moved },
    { name: t("bring.updated"), value: updated - moved },
    { name: t("file.unchanged"), value: unchanged },
  ];
}

/** Who gets another sponsor, and which closes count the new line with how much. */
function Moves({ preview }: { preview: Told }) {
  const { t } = useTranslation();
  const { language } = usePlace();
  const nameOf = (one: Move["from"]) => (one === null ? t("person.company") : (one.name ?? one.distributor_id));
  const columns: ColumnDef<Move, unknown>[] = [
    { id: "line", header: t("file.line"), meta: { width: 60 }, cell: ({ row }) => row.original.line },
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
