import { getRouteApi, Link } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useTranslation } from "react-i18next";
import { Chips, Filter } from "../../design/filters.tsx";
import { Moment } from "../../design/moment.tsx";
import { Page } from "../../design/page.tsx";
import { useCompany } from "../../shared/company.tsx";
import { hub } from "../../shared/hub.ts";
import { useList } from "../../shared/pages.ts";
import { ListTable } from "../list-table.tsx";
import { platformName } from "../platforms.ts";
import { ADMINS } from "../rights.ts";

type Mapping = BodyOf<Awaited<ReturnType<(typeof hub)["sku-map"]["$get"]>>>["items"][number];
const route = getRouteApi("/skus/map");

/** What is mapped to what, the newest first. */
export default function SkuMap() {
  const { t } = useTranslation();
  const { role } = useCompany();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { platform, platform_sku } = search;
  const filters = { ...(platform !== undefined && { platform }), ...(platform_sku !== undefined && { platform_sku }) };
  const source = useList(["sku-map", search], (before) =>
    answerOf(
      hub["sku-map"].$get({
        query: { limit: "50", ...filters, ...(before !== undefined && { before }) },
      }),
    ),
  );
  const columns: ColumnDef<Mapping, unknown>[] = [
    {
      id: "sku",
      header: "SKU",
      cell: ({ row: { original } }) => (
        <>
          <span className="mono">{original.platform_sku || original.variant_id}</span>
          <span className="second">
            {original.name} · {original.platform}
          </span>
        </>
      ),
    },
    { id: "own", header: t("skuMap.own"), cell: ({ row }) => <span className="mono">{row.original.sku_id}</span> },
    { id: "class", header: t("orderPage.class"), cell: ({ row }) => row.original.commission_class },
    { id: "pv", header: "PV", meta: { numeric: true }, cell: ({ row }) => row.original.pv },
    { id: "cv", header: "CV", meta: { numeric: true }, cell: ({ row }) => row.original.cv },
    {
      id: "from",
      header: t("skuMap.from"),
      cell: ({ row }) =>
        row.original.valid_from.startsWith("1970") ? t("skuMap.always") : <Moment at={row.original.valid_from} as="day" />,
    },
  ];
  return (
    <Page
      title={t("skuMap.title")}
      crumbs={[
        <Link key="/skus" to="/skus">
          {t("skus.title")}
        </Link>,
      ]}
      about={t("skuMap.about")}
      actions={
        ADMINS.includes(role) && (
          <Link className="btn" to="/skus/import">
            {t("skuMap.import")}
          </Link>
        )
      }
    >
      <div className="toolbar">
        <Chips
          label={t("platform")}
          chips={(["shopify", "woocommerce", "magento"] as const).map((one) => ({
            name: platformName(one),
            isOn: platform === one,
            onPress: () => void navigate({ search: { ...search, platform: platform === one ? undefined : one }, replace: true }),
          }))}
        />
        <span className="push" />
        <Filter
          label="SKU"
          value={platform_sku}
          onChange={(value) => void navigate({ search: { ...search, platform_sku: value }, replace: true })}
        />
      </div>
      <ListTable
        csv={hub["sku-map"].$url({ query: filters })}
        page="skus/map"
        label={t("skuMap.title")}
        columns={columns}
        source={source}
        keyOf={(one) => `${one.platform} ${one.platform_sku} ${one.variant_id} ${one.valid_from}`}
        empty={t("skuMap.empty")}
      />
    </Page>
  );
}
