import { useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Amount, Count } from "../../design/amount.tsx";
import { Filter } from "../../design/filters.tsx";
import { Moment } from "../../design/moment.tsx";
import { Door, Page, Section } from "../../design/page.tsx";
import { Bone, Callout, Equation } from "../../design/parts.tsx";
import { hasCome } from "../../design/table.tsx";
import { hub, queries } from "../../shared/hub.ts";
import { useList } from "../../shared/pages.ts";
import { problemOf } from "../../shared/problem.ts";
import { ListTable } from "../list-table.tsx";
import { MakeLink } from "./make-link.tsx";

type Click = BodyOf<Awaited<ReturnType<typeof hub.referrals.clicks.$get>>>["items"][number];
type Named = BodyOf<Awaited<ReturnType<typeof hub.referrals.links.$get>>>["items"][number];
type Conversion = BodyOf<Awaited<ReturnType<typeof hub.referrals.conversions.$get>>>["items"][number];
const route = getRouteApi("/referrals");
const DAYS = 30;
const DAY_MS = 86_400_000;

/** Who followed the codes of the last days, links with names of their own, and the orders that came by a code. */
export default function Referrals() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [isMaking, setMaking] = useState(false);
  const { distributor } = search;
  const areClicksKnown = hasCome(useClicks(distributor));
  const areLinksKnown = hasCome(useLinks(distributor));
  return (
    <Page
      title={t("referrals.title")}
      about={t("referrals.about")}
      actions={
        <button type="button" className="btn" onClick={() => setMaking(true)}>
          {t("referrals.make")}
        </button>
      }
    >
      <div className="toolbar">
        <Filter
          label={t("distributor")}
          value={distributor}
          onChange={(next) => void navigate({ search: { distributor: next }, replace: true })}
        />
      </div>
      <Clicks distributor={distributor} />
      {/* What a table above comes to decides where these stand: they are asked for meanwhile, and shown where they stay. */}
      <div hidden={!areClicksKnown}>
        <Links distributor={distributor} />
      </div>
      <div hidden={!areClicksKnown || !areLinksKnown}>
        <Conversions distributor={distributor} />
      </div>
      {isMaking && <MakeLink onClose={() => setMaking(false)} />}
    </Page>
  );
}

interface OfDistributor {
  readonly distributor: string | undefined;
}

interface CodeClicks extends Pick<Click, "code" | "clicks" | "visitors" | "bots"> {
  readonly key: string;
  readonly link: string | null;
}

function useClicks(distributor: string | undefined) {
  const from = new Date(Date.now() - (DAYS - 1) * DAY_MS).toISOString().slice(0, 10);
  const filters = { from, ...(distributor !== undefined && { distributor }) };
  const { data, error } = useQuery({
    queryKey: ["referrals", "clicks", distributor, from],
    queryFn: () => readClicks(filters),
  });
  return { rows: data, error, filters };
}

function useLinks(distributor: string | undefined) {
  return useList(["referrals", "links", distributor], (before) =>
    answerOf(
      hub.referrals.links.$get({
        query: { limit: "50", ...(before !== undefined && { before }), ...(distributor !== undefined && { distributor }) },
      }),
    ),
  );
}

function Clicks({ distributor }: OfDistributor) {
  const { t } = useTranslation();
  const { rows: days, error, filters } = useClicks(distributor);
  const rows = days && byCode(days);
  const told = (value: number) => (rows === undefined ? <Bone width={56} /> : <Count value={value} />);
  const sum = (of: (row: CodeClicks) => number) => (rows ?? []).reduce((all, row) => all + of(row), 0);
  const columns: ColumnDef<CodeClicks, unknown>[] = [
    {
      id: "code",
      header: t("referrals.code"),
      meta: { sum: t("referrals.codes", { count: new Set(rows?.map(({ code }) => code)).size }) },
      cell: ({ row: { original } }) =>
        original.code === "" ? (
          t("referrals.nobody")
        ) : (
          <>
            <span className="mono">{original.code.toUpperCase()}</span>
            {original.link !== null && <span className="second">{t("referrals.byLink")}</span>}
          </>
        ),
    },
    {
      id: "clicks",
      header: t("referrals.clicks"),
      meta: { numeric: true, sum: <Count value={sum(({ clicks }) => clicks)} /> },
      cell: ({ row }) => <Count value={row.original.clicks} />,
    },
    {
      id: "visitors",
      header: t("referrals.visitors"),
      meta: { numeric: true, sum: <Count value={sum(({ visitors }) => visitors)} /> },
      cell: ({ row }) => <Count value={row.original.visitors} />,
    },
    {
      id: "bots",
      header: t("referrals.bots"),
      meta: { numeric: true, sum: <Count value={sum(({ bots }) => bots)} /> },
      cell: ({ row }) => <Count value={row.original.bots} />,
    },
  ];
  return (
    <Section first title={t("referrals.lastDays", { days: DAYS })} aside={t("referrals.visitorsWhy")}>
      <Equation
        label={t("referrals.lastDays", { days: DAYS })}
        terms={[
          { name: t("referrals.followed"), value: told(sum(({ clicks, bots }) => clicks + bots)) },
          { sign: "−", name: t("referrals.bots"), value: told(sum(({ bots }) => bots)) },
          { sign: "=", name: t("referrals.clicks"), value: told(sum(({ clicks }) => clicks)) },
        ]}
      />
      <ListTable
        csv={hub.referrals.clicks.$url({ query: filters })}
        label={t("referrals.lastDays", { days: DAYS })}
        columns={columns}
        source={{ rows, error }}
        keyOf={(row) => row.key}
        empty={t("referrals.noClicks")}
        hasSum
      />
    </Section>
  );
}

/** All days, however many codes were followed on them: a sum of some would be none. */
async function readClicks(query: { from: string; distributor?: string }): Promise<readonly Click[]> {
  const items: Click[] = [];
  for (let before: string | undefined; ; ) {
    const page = await answerOf(hub.referrals.clicks.$get({ query: { ...query, ...(before !== undefined && { before }) } }));
    items.push(...page.items);
    if (page.next === null) return items;
    before = page.next;
  }
}

/** Days are added up: a visitor of two days counts on both. The most followed first. */
function byCode(items: readonly Click[]): CodeClicks[] {
  const groups = [...Map.groupBy(items, ({ code, link_id }) => `${code} ${link_id}`)];
  const rows = groups.map(([key, days]) => ({
    key,
    code: days[0]?.code ?? "",
    link: days[0]?.link_id ?? null,
    clicks: days.reduce((sum, day) => sum + day.clicks, 0),
    visitors: days.reduce((sum, day) => sum + day.visitors, 0),
    bots: days.reduce((sum, day) => sum + day.bots, 0),
  }));
  return rows.sort((a, b) => b.clicks - a.clicks);
}

function Links({ distributor }: OfDistributor) {
  const { t } = useTranslation();
  const source = useLinks(distributor);
  const withdraw = useMutation({
    mutationFn: (link_id: string) => answerOf(hub.referrals.links[":link_id"].$delete({ param: { link_id } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["referrals"] }),
  });
  const columns: ColumnDef<Named, unknown>[] = [
    {
      id: "link",
      header: t("referrals.link"),
      cell: ({ row: { original } }) => (
        <>
          <span style={{ overflowWrap: "anywhere", userSelect: "all" }}>{original.url}</span>
          <span className="second">
            {[original.path, ...Object.values(original.tags)].join(" · ")}
            {original.expires_at !== null && (
              <>
                {" · "}
                {t("referrals.until")} <Moment at={original.expires_at} as="day" />
              </>
            )}
          </span>
        </>
      ),
    },
    {
      id: "whose",
      header: t("distributor"),
      cell: ({ row: { original } }) => (
        <>
          <Door to="/network" search={{ chosen: original.distributor_id }}>
            {original.distributor_id}
          </Door>
          <span className="second mono">{original.code}</span>
        </>
      ),
    },
    {
      id: "back",
      header: () => <span className="vh">{t("referrals.withdraw")}</span>,
      meta: { numeric: true },
      cell: ({ row }) => (
        <button
          type="button"
          className="btn small"
          disabled={withdraw.isPending}
          onClick={() => withdraw.mutate(row.original.link_id)}
        >
          {t("referrals.withdraw")}
        </button>
      ),
    },
  ];
  return (
    <Section title={t("referrals.links")} aside={t("referrals.linksWhy")}>
      {withdraw.error && <Callout is="bad">{problemOf(withdraw.error)}</Callout>}
      <ListTable
        csv={hub.referrals.links.$url({ query: distributor === undefined ? {} : { distributor } })}
        label={t("referrals.links")}
        columns={columns}
        source={source}
        keyOf={(one) => one.link_id}
        empty={t("referrals.noLinks")}
      />
    </Section>
  );
}

function Conversions({ distributor }: OfDistributor) {
  const { t } = useTranslation();
  const source = useList(["referrals", "conversions", distributor], (before) =>
    answerOf(
      hub.referrals.conversions.$get({
        query: { limit: "20", ...(before !== undefined && { before }), ...(distributor !== undefined && { distributor }) },
      }),
    ),
  );
  const columns: ColumnDef<Conversion, unknown>[] = [
    {
      id: "order",
      header: t("order"),
      cell: ({ row: { original } }) => (
        <>
          <Door shown to="/orders/$orderId" params={{ orderId: original.order_id }}>
            {original.name}
          </Door>
          <span className="second">
            <Moment at={original.placed_at} />
          </span>
        </>
      ),
    },
    { id: "code", header: t("referrals.code"), cell: ({ row }) => <span className="mono">{row.original.code}</span> },
    { id: "state", header: t("state"), cell: ({ row }) => t(`stage.${row.original.stage}` as "stage.earned") },
    {
      id: "net",
      header: t("net"),
      meta: { numeric: true },
      cell: ({ row: { original } }) => <Amount value={original.net} currency={original.currency} />,
    },
  ];
  return (
    <Section title={t("referrals.conversions")} aside={t("referrals.conversionsWhy")}>
      <ListTable
        csv={hub.referrals.conversions.$url({ query: distributor === undefined ? {} : { distributor } })}
        label={t("referrals.conversions")}
        columns={columns}
        source={source}
        keyOf={(one) => one.order_id}
        empty={t("referrals.noConversions")}
      />
    </Section>
  );
}
