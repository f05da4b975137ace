import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useTranslation } from "react-i18next";
import { z } from "zod";
import { Moment } from "../../design/moment.tsx";
import { Page, Section } from "../../design/page.tsx";
import { Callout } from "../../design/parts.tsx";
import { DataTable } from "../../design/table.tsx";
import { useCompany } from "../../shared/company.tsx";
import { hub, queries } from "../../shared/hub.ts";
import { problemOf } from "../../shared/problem.ts";
import { type ChosenFile, FileField, FilePanel, useFile, WrongLines } from "../file-import.tsx";
import { ImportFailed, useImport } from "../import-progress.tsx";
import { platformName } from "../platforms.ts";
import { ADMINS } from "../rights.ts";
import { PayPreview } from "./pay-preview.tsx";

const previewOf = hub["sku-map"].import.preview;
type Told = BodyOf<Awaited<ReturnType<typeof previewOf.$post>>>;
type Change = Told["changes"][number];
type Said = Change["becomes"];
/** What is kept of an import that ended while this page was loaded anew. */
const told = z.object({ added: z.int(), changed: z.int(), released_orders: z.int() });

/** The SKU map from a file, such as the one that it gives: what it would change and pay stands here before anything is written. */
export default function ImportSkus() {
  const { t } = useTranslation();
  const { role } = useCompany();
  const look = useMutation({ mutationFn: ({ csv }: ChosenFile) => answerOf(previewOf.$post({ json: { csv } })) });
  const bring = useMutation({
    // What the preview told goes along: a line that would do something else by now is refused.
    mutationFn: ({ csv, name }: ChosenFile) =>
      answerOf(hub["sku-map"].import.$post({ json: { csv, name, told: look.data?.told } })),
    onSuccess: async () => {
      chosen.letGo();
      await queries.invalidateQueries();
    },
  });
  const chosen = useFile({
    onBegin: () => {
      look.reset();
      bring.reset();
    },
    onChosen: (one) => look.mutate(one),
  });
  const { file } = chosen;
  const { underWay, ended } = useImport("sku-map", bring.isPending);
  const done = bring.data ?? told.safeParse(ended?.told).data;
  const preview = file === null ? undefined : look.data;
  if (!ADMINS.includes(role)) return <p className="empty">{t("skuMap.notYours")}</p>;
  const { added = 0, changed = 0, unchanged = 0 } = preview ?? {};
  return (
    <Page
      title={t("skuMap.importTitle")}
      about={t("skuMap.importAbout")}
      crumbs={[
        <Link key="skus" to="/skus">
          {t("skus.title")}
        </Link>,
        <Link key="map" to="/skus/map">
          {t("skuMap.title")}
        </Link>,
      ]}
    >
      <div className="cols">
        <div className="stack">
          <FileField help={t("skuMap.fileHelp")} chosen={chosen} />
          {ended !== null && !bring.error && <ImportFailed of={ended} />}
          {done && (
            <Callout is="good">
              {t("skuMap.done", { count: done.released_orders, added: done.added, changed: done.changed })}{" "}
              <Link to="/skus/map">{t("skuMap.toMap")}</Link>
            </Callout>
          )}
          {look.error && <Callout is="bad">{problemOf(look.error)}</Callout>}
          {look.isPending && <p className="sub">{t("file.looking", { name: file?.name ?? "" })}</p>}
          {preview && preview.errors.length > 0 && <WrongLines preview={preview} />}
          {preview && preview.changes.length > 0 && <Changes preview={preview} />}
        </div>
        <FilePanel
          file={file}
          preview={preview}
          rows={[
            { name: t("skuMap.isNew"), value: added },
            { name: t("skuMap.isChanged"), value: changed },
            { name: t("file.unchanged"), value: unchanged },
          ]}
          act={t("skuMap.act", { added, changed })}
          count={added + changed}
          isBusy={bring.isPending}
          isOld={look.isPending}
          error={bring.error}
          progress={underWay}
          onAct={() => file && bring.mutate(file)}
          onAgain={() => {
            bring.reset();
            if (file !== null) look.mutate(file);
          }}
        >
          {preview && preview.pay.orders > 0 && (
            <section aria-label={t("pay.title")}>
              <b>{t("pay.title")}</b>
              <PayPreview pay={preview.pay} />
              {preview.is_cut && <p className="note">{t("pay.cut", { count: preview.released_orders })}</p>}
            </section>
          )}
        </FilePanel>
      </div>
    </Page>
  );
}

/** What lines of the file say, beside what counts until then. */
function Changes({ preview }: { preview: Told }) {
  const { t } = useTranslation();
  const count = preview.added + preview.changed;
  const columns: ColumnDef<Change, unknown>[] = [
    { id: "line", header: t("file.line"), meta: { width: 60 }, cell: ({ row }) => row.original.line },
    {
      id: "product",
      header: t("skuMap.product"),
      cell: ({ row: { original } }) => (
        <>
          <span className="mono">{original.platform_sku || original.variant_id}</span>
          <span className="second">
            {original.becomes.name} · {platformName(original.platform)}
          </span>
        </>
      ),
    },
    {
      id: "was",
      header: t("skuMap.until"),
      cell: ({ row: { original } }) => (original.was === null ? t("skuMap.notMapped") : <SaidOf said={original.was} />),
    },
    { id: "becomes", header: t("skuMap.becomes"), cell: ({ row }) => <SaidOf said={row.original.becomes} /> },
    {
      id: "from",
      header: t("skuMap.from"),
      cell: ({ row: { original } }) =>
        original.valid_from.startsWith("1970") ? t("skuMap.always") : <Moment at={original.valid_from} as="day" />,
    },
  ];
  const title = t("skuMap.changesTitle", { count });
  return (
    <Section
      title={title}
      aside={count > preview.changes.length ? t("skuMap.changesFirst", { count: preview.changes.length }) : undefined}
    >
      <DataTable
        label={title}
        columns={columns}
        source={{ rows: preview.changes, error: null }}
        keyOf={(one) => String(one.line)}
        empty=""
      />
      <p className="note">{t("skuMap.keeps")}</p>
    </Section>
  );
}

/** What a product counts as. */
function SaidOf({ said }: { said: Said }) {
  const { t } = useTranslation();
  const { sku_id: own, commission_class: commissionClass, category, pv, qv, cv, retail_margin: margin } = said;
  const isOne = pv === qv && pv === cv;
  return (
    <>
      {commissionClass}, {isOne ? pv : t("skuMap.volumes", { pv, qv, cv })}
      <span className="second">
        <span className="mono">{own}</span>
        {category !== "" && ` · ${category}`}
        {margin !== null && ` · ${t("skuMap.margin", { margin })}`}
      </span>
    </>
  );
}
