import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { answerOf } from "@upline/hub/client";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Amount } from "../../design/amount.tsx";
import { Moment } from "../../design/moment.tsx";
import { Door, Page, Section } from "../../design/page.tsx";
import { Bone, Defs } from "../../design/parts.tsx";
import { Shape, type ShapeName, Status } from "../../design/shapes.tsx";
import { useCompany, usePlace } from "../../shared/company.tsx";
import { hub } from "../../shared/hub.ts";
import { timeOf, weekdayOf } from "../../shared/moments.ts";
import { sumOf } from "../../shared/money.ts";
import { useTell } from "../../shared/reasons.ts";
import { DayChart, lastDays } from "../day-chart.tsx";
import { platformName } from "../platforms.ts";
import { PromiseStrip } from "../promise.tsx";
import {
  type Counted,
  otherProblems,
  useEnrolments,
  usePeriods,
  useQuarantine,
  useStoreHealth,
  useStores,
  useUnresolved,
} from "../waiting.ts";

/** The first page: what waits for somebody, how the shops are heard, what was earned. */
export default function Overview() {
  const { t } = useTranslation();
  const place = usePlace();
  const { zone } = useCompany();
  const now = new Date();
  const waits = useWaits();
  return (
    <Page
      title={t("nav.overview")}
      about={t("overview.now", { day: weekdayOf(now, place), time: timeOf(now, place).slice(0, 5), zone })}
    >
      <ToDo waits={waits} />
      {/* How much waits decides where all of this stands: it is asked for meanwhile, and shown where it stays. */}
      <div hidden={waits === undefined}>
        <PromiseStrip />
        <div className="cols section">
          <Earned />
          <aside>
            <Stores />
            <Owed />
          </aside>
        </div>
      </div>
    </Page>
  );
}

interface Wait {
  readonly key: string;
  readonly shape: ShapeName;
  readonly what: string;
  readonly why: ReactNode;
  readonly since?: string;
  readonly stake?: ReactNode;
  /** The way to solve it. */
  act(style: string): ReactNode;
}

/** What waits, each with what hangs on it and the way to solve it; the first is what the page's one filled button is for. */
function ToDo({ waits }: { waits: readonly Wait[] | undefined }) {
  const { t } = useTranslation();
  if (waits === undefined)
    return (
      <section aria-busy="true">
        <div className="section-head" style={{ borderBottom: "1px solid var(--line-2)" }}>
          <h2>
            <Bone width={160} />
          </h2>
        </div>
        <ul className="todo">
          {[280, 240, 320].map((width) => (
            <li key={width}>
              <span />
              <Bone width={width} />
            </li>
          ))}
        </ul>
      </section>
    );
  if (waits.length === 0)
    return (
      <section>
        <div className="section-head" style={{ borderBottom: "1px solid var(--line-2)" }}>
          <h2>{t("overview.nothing")}</h2>
        </div>
        <p className="empty">{t("overview.nothingWhy")}</p>
      </section>
    );
  return (
    <section aria-labelledby="todo">
      <div className="section-head" style={{ borderBottom: "1px solid var(--line-2)" }}>
        <h2 id="todo">{t("overview.waits", { count: waits.length })}</h2>
      </div>
      <ul className="todo">
        {waits.map((one, index) => (
          <li key={one.key}>
            <Shape of={one.shape} />
            <div className="what">
              <b>{one.what}</b>
              <p>{one.why}</p>
            </div>
            <span className="since">{one.since && <Moment at={one.since} />}</span>
            <span className="num">{one.stake}</span>
            {one.act(`btn${index === 0 ? " primary" : ""}`)}
          </li>
        ))}
      </ul>
    </section>
  );
}

function useWaits(): readonly Wait[] | undefined {
  const { t } = useTranslation();
  const tell = useTell();
  const periods = usePeriods();
  const waiting = useQuarantine();
  const stores = useStores();
  const health = useStoreHealth();
  const unresolved = useUnresolved();
  const enrolments = useEnrolments();
  if (!periods || !waiting || !health || !stores || !unresolved || enrolments === undefined) return undefined;
  const nameOf = (id: string) => stores.find(({ store_id: one }) => one === id)?.name ?? id;
  const proposed = periods
    .filter(({ waits }) => waits)
    .map((period) => ({
      key: `period ${period.period_id}`,
      shape: "draft" as const,
      what: t("overview.proposal", { name: period.name }),
      why: t("overview.proposalWhy"),
      act: (style: string) => (
        <Link className={style} to="/periods/$periodId" params={{ periodId: period.period_id }}>
          {t("overview.proposalAct", { name: period.name })}
        </Link>
      ),
    }));
  const lines = waiting.items.reduce((sum, one) => sum + one.lines, 0);
  const skus =
    waiting.items.length === 0
      ? []
      : [
          {
            key: "skus",
            shape: "warn" as const,
            what: t(isCut(waiting) ? "overview.skusMany" : "overview.skus", { count: waiting.items.length }),
            why: isCut(waiting) ? t("overview.skusWhyMany") : t("overview.skusWhy", { count: lines }),
            since: waiting.items.map((one) => one.waiting_since).sort()[0],
            stake: (
              <Stake isCut={isCut(waiting)} amounts={waiting.items.map(({ net, currency }) => ({ amount: net, currency }))} />
            ),
            act: (style: string) => (
              <Link className={style} to="/skus">
                {isCut(waiting) ? t("overview.skusActMany") : t("overview.skusAct", { count: waiting.items.length })}
              </Link>
            ),
          },
        ];
  const codes =
    unresolved.items.length === 0
      ? []
      : [
          {
            key: "codes",
            shape: "warn" as const,
            what: t(isCut(unresolved) ? "overview.codesMany" : "overview.codes", { count: unresolved.items.length }),
            why: [...new Set(unresolved.items.map((one) => one.referral_code))].slice(0, 4).join(", "),
            ...(isCut(unresolved) ? {} : { since: unresolved.items.at(-1)?.order_ts }),
            stake: (
              <Stake
                isCut={isCut(unresolved)}
                amounts={unresolved.items.map(({ net, currency }) => ({ amount: net, currency }))}
              />
            ),
            act: (style: string) => (
              <Link className={style} to="/orders" search={{ unresolved: true }}>
                {isCut(unresolved) ? t("overview.codesActMany") : t("overview.codesAct", { count: unresolved.items.length })}
              </Link>
            ),
          },
        ];
  const joining =
    enrolments === 0
      ? []
      : [
          {
            key: "enrolments",
            shape: "draft" as const,
            what: t("overview.enrolments", { count: enrolments }),
            why: t("overview.enrolmentsWhy"),
            act: (style: string) => (
              <Link className={style} to="/enrolments" search={{ state: "confirmed" as const }}>
                {t("overview.enrolmentsAct", { count: enrolments })}
              </Link>
            ),
          },
        ];
  const troubles = health.flatMap((one) => [
    ...(one.dead_letters > 0
      ? [
          {
            key: `dead ${one.store_id}`,
            shape: "bad" as const,
            what: t("overview.dead", { count: one.dead_letters, store: nameOf(one.store_id) }),
            why: t("overview.deadWhy"),
            act: (style: string) => (
              <Link className={style} to="/deliveries" search={{ store: one.store_id, outcome: "dead" as const }}>
                {t("overview.deadAct", { count: one.dead_letters })}
              </Link>
            ),
          },
        ]
      : []),
    ...otherProblems(one).map(({ text, reason }) => ({
      key: `${one.store_id} ${text}`,
      shape: "warn" as const,
      what: t("overview.store", { store: nameOf(one.store_id) }),
      why: tell(reason, text),
      act: (style: string) => (
        <Link className={style} to="/stores">
          {t("overview.storeAct")}
        </Link>
      ),
    })),
  ]);
  return [...proposed, ...skus, ...codes, ...joining, ...troubles];
}

/** Whether there is more of it than was read. */
const isCut = ({ next }: Counted<unknown>): boolean => next !== null;

/** What hangs on it, by currency: amounts of different currencies are never summed. */
function Stake({ amounts, isCut }: { amounts: readonly { amount: string; currency: string }[]; isCut: boolean }) {
  const { t } = useTranslation();
  const sums = [...Map.groupBy(amounts, ({ currency }) => currency)].map(([currency, all]) => ({
    currency,
    sum: sumOf(all.map(({ amount }) => amount)),
  }));
  return (
    <>
      {sums.map(({ currency, sum }) => (
        <div key={currency}>
          <Amount value={sum} currency={currency} />
        </div>
      ))}
      {isCut && <div className="note">{t("overview.stakeMore")}</div>}
    </>
  );
}

/** What figures by day look back on. */
const DAYS = 30;
/** Of a company with more shops, these many say what they sold. */
const SHOPS_WITH_SALES = 12;

function Earned() {
  const { t } = useTranslation();
  return (
    <Section
      first
      title={t("overview.salesAndEarned")}
      aside={
        <span className="legend">
          <span>
            <i style={{ background: "var(--chart-2)" }} />
            {t("overview.sold")}
          </span>
          <span>
            <i style={{ background: "var(--chart-1)" }} />
            {t("overview.ofItEarned")}
          </span>
        </span>
      }
    >
      <DayChart days={DAYS} />
    </Section>
  );
}

function Stores() {
  const { t } = useTranslation();
  const stores = useStores() ?? [];
  const health = useStoreHealth();
  return (
    <Section first title={t("nav.stores")} aside={<Link to="/stores">{t("overview.allStores")}</Link>}>
      <ul className="evidence">
        {stores.map((store, index) => (
          <li key={store.store_id} style={{ gridTemplateColumns: "minmax(0, 1fr)" }}>
            <div>
              <Link to="/orders" search={{ store: store.store_id }} className="door">
                {store.name}
              </Link>{" "}
              <span className="note">{platformName(store.platform)}</span>
            </div>
            <Heard health={health?.find(({ store_id: id }) => id === store.store_id)} />
            {index < SHOPS_WITH_SALES && <Sold storeId={store.store_id} />}
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** What a shop sold in these days, by currency; nothing where it sold nothing. */
function Sold({ storeId }: { storeId: string }) {
  const { t } = useTranslation();
  const days = lastDays(DAYS);
  const { data } = useQuery({
    queryKey: ["ledger", "days", storeId, days[0], days.at(-1)],
    queryFn: () =>
      answerOf(
        hub.ledger.days.stores[":store_id"].$get({
          param: { store_id: storeId },
          query: { from: days[0] ?? "", to: days.at(-1) ?? "" },
        }),
      ),
  });
  const sums = Map.groupBy(data?.items ?? [], ({ currency }) => currency);
  return [...sums].map(([currency, all]) => (
    <div key={currency} className="note">
      <Door to="/orders" search={{ store: storeId, stage: "earned" }}>
        <Amount value={sumOf(all.map((one) => one.net_sales))} currency={currency} />
      </Door>{" "}
      {t("overview.soldIn", { days: DAYS })}
    </div>
  ));
}

function Heard({ health }: { health: NonNullable<ReturnType<typeof useStoreHealth>>[number] | undefined }) {
  const { t } = useTranslation();
  if (health === undefined) return null;
  if (health.last_delivery_at === null) return <Status is="open">{t("stores.neverHeard")}</Status>;
  return (
    <Status is={health.dead_letters > 0 ? "bad" : health.problems.length > 0 ? "warn" : "good"}>
      {t("stores.heard")} <Moment at={health.last_delivery_at} as="ago" />
    </Status>
  );
}

function Owed() {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ["balances", "company"],
    queryFn: () => answerOf(hub.balances.company.$get()),
  });
  return (
    <Section title={t("overview.owed")} aside={<Link to="/ledger/balances">{t("overview.allBalances")}</Link>}>
      <Defs
        rows={(data?.items ?? []).map((one) => ({
          name: one.currency,
          value: (
            <Link className="door shown" to="/ledger/balances">
              <Amount value={one.commission_expense} currency={one.currency} />
            </Link>
          ),
        }))}
      />
      {data?.items.length === 0 && <p className="empty">{t("overview.owedNothing")}</p>}
    </Section>
  );
}
