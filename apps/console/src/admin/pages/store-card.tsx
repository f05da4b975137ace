import { useMutation } from "@tanstack/react-query";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Amount, Count } from "../../design/amount.tsx";
import { Moment } from "../../design/moment.tsx";
import { Door } from "../../design/page.tsx";
import { Bone, Callout, Defs, Meter } from "../../design/parts.tsx";
import { Status } from "../../design/shapes.tsx";
import { usePlace } from "../../shared/company.tsx";
import { hub, queries } from "../../shared/hub.ts";
import { timeOf } from "../../shared/moments.ts";
import { isZero } from "../../shared/money.ts";
import { problemOf } from "../../shared/problem.ts";
import { useTell } from "../../shared/reasons.ts";
import { platformName } from "../platforms.ts";
import { otherProblems } from "../waiting.ts";
import { StoreImport } from "./store-import.tsx";

export type Store = BodyOf<Awaited<ReturnType<typeof hub.stores.$get>>>["items"][number];
export type Health = BodyOf<Awaited<ReturnType<(typeof hub.stores)[":store_id"]["health"]["$get"]>>>;
export type Compared = NonNullable<Health["last_reconciliation"]>;

const HOUR_MS = 3_600_000;

/** A shop: how it is heard, what it sent, what differs, and a button that asks it now. */
export function StoreCard({ store, health }: { store: Store; health: Health | undefined }) {
  const { t } = useTranslation();
  const tell = useTell();
  const { language } = usePlace();
  const day = health?.deliveries;
  return (
    <article aria-labelledby={store.store_id}>
      <div className="spread baseline">
        <h2 id={store.store_id} title={store.name}>
          {store.name}
        </h2>
        <span className="sub nowrap">{platformName(store.platform)}</span>
      </div>
      <p className="note">{store.domain === store.name ? " " : store.domain}</p>
      <p className="state">
        <Heard store={store} health={health} />
      </p>
      <Hours hours={day?.hours} />
      <Defs
        rows={[
          {
            name: t("stores.processed"),
            value: (
              <Door shown to="/deliveries" search={{ store: store.store_id, outcome: "applied" }}>
                {day === undefined ? <Bone width={48} /> : day.processed_ms === null ? "–" : saidMs(day.processed_ms, language)}
              </Door>
            ),
          },
          {
            name: t("stores.day"),
            value: (
              <Door shown to="/deliveries" search={{ store: store.store_id }}>
                {day === undefined ? <Bone width={48} /> : <Count value={day.total} />}
                {day?.is_cut && "+"}
              </Door>
            ),
          },
          {
            name: t("stores.unread"),
            value: (
              <Door shown to="/deliveries" search={{ store: store.store_id, outcome: "dead" }}>
                {health === undefined ? <Bone width={32} /> : <Count value={health.dead_letters} />}
              </Door>
            ),
          },
          { name: t("stores.difference"), value: <Difference health={health} /> },
        ]}
      />
      {health &&
        otherProblems(health).map(({ text, reason }) => (
          <p key={text} className="sub problem">
            {tell(reason, text)}
          </p>
        ))}
      <div className="foot">{health && <Asking store={store} health={health} />}</div>
    </article>
  );
}

function saidMs(ms: number, language: string): string {
  return ms >= 1_000
    ? `${(ms / 1_000).toLocaleString(language, { maximumFractionDigits: 1 })} s`
    : `${ms.toLocaleString(language)} ms`;
}

function Heard({ store, health }: { store: Store; health: Health | undefined }) {
  const { t } = useTranslation();
  if (store.status !== "active") return <Status is="open">{t(`stores.status.${store.status}` as "stores.status.paused")}</Status>;
  if (health === undefined) return <Bone width={140} />;
  if (health.last_delivery_at === null) return <Status is="open">{t("stores.neverHeard")}</Status>;
  const unread = health.dead_letters;
  return (
    <Status is={health.problems.length > 0 ? "warn" : "good"}>
      {t("stores.heard")} <Moment at={health.last_delivery_at} as="ago" />
      {unread > 0 && `, ${t("stores.unreadCount", { count: unread })}`}
    </Status>
  );
}

/** What came in each of the last 24 hours; the same as a sentence for whoever does not see it. */
function Hours({ hours }: { hours: readonly number[] | undefined }) {
  const { t } = useTranslation();
  const place = usePlace();
  const most = Math.max(1, ...(hours ?? []));
  const sum = (hours ?? []).reduce((all, one) => all + one, 0);
  return (
    <div>
      <svg className="chart" viewBox="0 0 312 44" width="100%" role="img" aria-label={t("stores.hours", { count: sum })}>
        {hours?.map((count, index) => (
          <rect
            key={index}
            x={index * 13}
            y={43 - (count / most) * 38}
            width={11}
            height={(count / most) * 38}
            fill="var(--chart-2)"
          />
        ))}
        <line className="axis" x1={0} x2={312} y1={43.5} y2={43.5} />
      </svg>
      <div className="spread note">
        <span>
          {timeOf(new Date(Date.now() - 24 * HOUR_MS), place).slice(0, 5)} {t("stores.yesterday")}
        </span>
        <span>{t("stores.now")}</span>
      </div>
    </div>
  );
}

function Difference({ health }: { health: Health | undefined }) {
  const { t } = useTranslation();
  if (health === undefined) return <Bone width={48} />;
  if (health.under_way?.act === "reconcile") return <span className="sub">{t("stores.comparing")}</span>;
  const last = health.last_reconciliation;
  if (last === null) return <span className="note">{t("stores.never")}</span>;
  if (last.outcome === "failed") return <span className="sub">{t("stores.failed")}</span>;
  return <Deltas of={last.delta} />;
}

/** Amounts by currency, one below the other; a counted zero where there is none. */
export function Deltas({ of: amounts }: { of: Readonly<Record<string, string>> }) {
  const all = Object.entries(amounts);
  if (all.length === 0 || all.every(([, amount]) => isZero(amount))) return <Amount value="0.00" />;
  return all.map(([currency, amount]) => (
    <div key={currency}>
      <Amount value={amount} currency={currency} />
    </div>
  ));
}

/** Asks the shop now; while it is asked, how far that is. */
function Asking({ store, health }: { store: Store; health: Health }) {
  const { t } = useTranslation();
  const [isImporting, setImporting] = useState(false);
  const { store_id: id } = store;
  const renew = () => queries.invalidateQueries({ queryKey: ["stores"] });
  const ask = useMutation({
    mutationFn: () => answerOf(hub.jobs[":name"].run.$post({ param: { name: "reconcile" }, query: { subject: id } })),
    onSuccess: renew,
  });
  const goOn = useMutation({
    mutationFn: () => answerOf(hub.stores[":store_id"].import.$post({ param: { store_id: id }, json: {} })),
    onSuccess: renew,
  });
  const last = health.last_reconciliation;
  const { under_way: run, import: older } = health;
  if (run !== null) return <UnderWay run={run} />;
  const canAsk = store.status === "active" && (health.rest_since !== null || health.app_since !== null);
  return (
    <>
      <button type="button" className="btn wide" disabled={!canAsk || ask.isPending} onClick={() => ask.mutate()}>
        {ask.isPending ? t("working") : t("stores.ask")}
      </button>
      <p className="note">
        {last === null ? (
          t("stores.neverAsked")
        ) : (
          <>
            {t("stores.lastAsked")} <Moment at={last.finished_at} />
            {last.outcome === "finished" && `, ${t(last.discrepancies.length === 0 ? "stores.same" : "stores.differs")}`}
          </>
        )}
      </p>
      {(ask.error ?? goOn.error) && <Callout is="bad">{problemOf(ask.error ?? goOn.error)}</Callout>}
      {canAsk && (
        <p className="note older">
          {older.state === "finished" && older.finished_at !== null && (
            <span>
              {t("stores.import.finished", { count: older.done })} <Moment at={older.finished_at} />
            </span>
          )}
          {older.state === "asked" && <span>{t("stores.import.asked")}</span>}
          {older.state === "interrupted" && (
            <span>{t("stores.import.interrupted", { done: older.done, total: older.total ?? older.done })}</span>
          )}
          {older.state === "interrupted" || older.state === "asked" ? (
            <button type="button" className="as-link" disabled={goOn.isPending} onClick={() => goOn.mutate()}>
              {t("stores.import.goOn")}
            </button>
          ) : (
            <button type="button" className="as-link" onClick={() => setImporting(true)}>
              {t("stores.import.open")}
            </button>
          )}
        </p>
      )}
      {isImporting && <StoreImport storeId={id} name={store.name} onClose={() => setImporting(false)} />}
    </>
  );
}

function UnderWay({ run }: { run: NonNullable<Health["under_way"]> }) {
  const { t } = useTranslation();
  const { done, total, healed, act } = run;
  const said = total === null ? t("stores.doneOf.unknown", { count: done }) : t("stores.doneOf.known", { count: done, total });
  return (
    <div role="status">
      <div className="spread">
        <span>{t(`stores.doing.${act}`)}</span>
        <span className="sub">{said}</span>
      </div>
      {total !== null && total > 0 && <Meter share={done / total} label={said} />}
      <p className="sub">{healed === 0 ? t("stores.noneFound") : t("stores.found", { count: healed })}</p>
    </div>
  );
}
