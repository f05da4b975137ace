import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../../design/dialog.tsx";
import { Field } from "../../design/filters.tsx";
import { Moment } from "../../design/moment.tsx";
import { Page } from "../../design/page.tsx";
import { type ShapeName, Status } from "../../design/shapes.tsx";
import { hub, queries } from "../../shared/hub.ts";
import { useList } from "../../shared/pages.ts";
import { ListTable } from "../list-table.tsx";

type Period = BodyOf<Awaited<ReturnType<typeof hub.periods.$get>>>["items"][number];
export const PERIOD_SHAPES: Readonly<Record<Period["state"], ShapeName>> = { open: "open", closing: "draft", closed: "sealed" };

/** All periods, the newest first, and the way to open the next. */
export default function Periods() {
  const { t } = useTranslation();
  const [isOpening, setOpening] = useState(false);
  const source = useList(["periods", "all"], (before) =>
    answerOf(hub.periods.$get({ query: { limit: "50", ...(before !== undefined && { before }) } })),
  );
  const columns: ColumnDef<Period, unknown>[] = [
    {
      id: "name",
      header: t("periods.name"),
      cell: ({ row: { original } }) => (
        <>
          <Link to="/periods/$periodId" params={{ periodId: original.period_id }} preload="intent">
            {original.name}
          </Link>
          {original.calendar !== null && <span className="second">{original.calendar}</span>}
        </>
      ),
    },
    {
      id: "state",
      header: t("state"),
      cell: ({ row }) => <Status is={PERIOD_SHAPES[row.original.state]}>{t(`periods.state.${row.original.state}`)}</Status>,
    },
    { id: "from", header: t("periods.from"), cell: ({ row }) => <Moment at={row.original.starts_at} as="day" /> },
    { id: "to", header: t("periods.to"), cell: ({ row }) => <Moment at={lastMoment(row.original.ends_at)} as="day" /> },
    { id: "plan", header: t("nav.plan"), cell: ({ row }) => row.original.plan_id },
    { id: "currency", header: t("currency"), cell: ({ row }) => row.original.currency },
  ];
  return (
    <Page
      title={t("nav.periods")}
      about={t("periods.about")}
      actions={
        <button type="button" className="btn" onClick={() => setOpening(true)}>
          {t("periods.open")}
        </button>
      }
    >
      <ListTable
        csv={hub.periods.$url({ query: {} })}
        label={t("nav.periods")}
        columns={columns}
        source={source}
        keyOf={(one) => one.period_id}
        empty={t("periods.empty")}
      />
      {isOpening && <Open onClose={() => setOpening(false)} />}
    </Page>
  );
}

/** A period ends before its last moment, which is the next one's first. */
export function lastMoment(endsAt: string): string {
  return new Date(new Date(endsAt).getTime() - 1).toISOString();
}

function Open({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [month, setMonth] = useState(new Date().toISOString().slice(0, 7));
  const [calendar, setCalendar] = useState("");
  const open = useMutation({
    mutationFn: () =>
      answerOf(hub.periods.$post({ json: { month, ...(calendar.trim() !== "" && { calendar: calendar.trim() }) } })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["periods"] });
      onClose();
    },
  });
  return (
    <Dialog
      title={t("periods.open")}
      about={t("periods.openAbout")}
      act={t("periods.openAct", { month })}
      isReady={month !== ""}
      isBusy={open.isPending}
      error={open.error}
      onAct={() => open.mutate()}
      onClose={onClose}
    >
      <Field name={t("periods.month")} help={t("periods.monthHelp")}>
        <input className="input" value={month} onChange={({ target }) => setMonth(target.value)} data-autofocus />
      </Field>
      <Field name={t("periods.calendar")} help={t("periods.calendarHelp")}>
        <input className="input" value={calendar} onChange={({ target }) => setCalendar(target.value)} />
      </Field>
    </Dialog>
  );
}
