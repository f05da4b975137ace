import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Amount } from "../../design/amount.tsx";
import { Dialog } from "../../design/dialog.tsx";
import { Moment } from "../../design/moment.tsx";
import { Page } from "../../design/page.tsx";
import { Callout, Defs } from "../../design/parts.tsx";
import { Status } from "../../design/shapes.tsx";
import { hub, queries } from "../../shared/hub.ts";
import { isZero } from "../../shared/money.ts";
import { problemOf } from "../../shared/problem.ts";
import { platformName } from "../platforms.ts";
import { useStoreHealth, useStores } from "../waiting.ts";

type Store = BodyOf<Awaited<ReturnType<typeof hub.stores.$get>>>["items"][number];
type Health = BodyOf<Awaited<ReturnType<(typeof hub.stores)[":store_id"]["health"]["$get"]>>>;

/** A card for each shop: how it is heard, what could not be read, what differs; and the way to connect another. */
export default function Stores() {
  const { t } = useTranslation();
  const stores = useStores();
  const health = useStoreHealth();
  const [isConnecting, setConnecting] = useState(false);
  const troubled = (health ?? []).filter((one) => one.problems.length > 0 || one.dead_letters > 0).length;
  return (
    <Page
      title={t("nav.stores")}
      about={
        stores &&
        (troubled === 0 ? t("stores.allWell", { count: stores.length }) : t("stores.about", { count: stores.length, troubled }))
      }
      actions={
        <button type="button" className="btn" onClick={() => setConnecting(true)}>
          {t("stores.connect")}
        </button>
      }
    >
      {stores?.length === 0 && <p className="empty">{t("stores.empty")}</p>}
      <div className="grid stores">
        {stores?.map((store) => (
          <Card key={store.store_id} store={store} health={health?.find((one) => one.store_id === store.store_id)} />
        ))}
      </div>
      {isConnecting && <Connect onClose={() => setConnecting(false)} />}
    </Page>
  );
}

function Card({ store, health }: { store: Store; health: Health | undefined }) {
  const { t } = useTranslation();
  const ask = useMutation({
    mutationFn: () => answerOf(hub.jobs[":name"].run.$post({ param: { name: "reconcile" }, query: { subject: store.store_id } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["stores"] }),
  });
  const last = health?.last_reconciliation ?? null;
  const deltas = Object.entries(last?.delta ?? {});
  return (
    <div>
      <div className="spread baseline" style={{ flexWrap: "wrap" }}>
        <div>
          <h2>{store.name}</h2>
          <span className="note">{store.domain}</span>
        </div>
        <span className="sub">{platformName(store.platform)}</span>
      </div>
      <Heard store={store} health={health} />
      {health?.problems.map((problem) => (
        <Callout key={problem} is="warn">
          {problem}
        </Callout>
      ))}
      <Defs
        rows={[
          {
            name: t("stores.lastHeard"),
            value: health?.last_delivery_at ? <Moment at={health.last_delivery_at} as="ago" /> : "–",
          },
          {
            name: t("stores.unread"),
            value: (
              <Link className="door shown" to="/deliveries" search={{ store: store.store_id, outcome: "dead" }}>
                {health?.dead_letters ?? "–"}
              </Link>
            ),
          },
          { name: t("stores.compared"), value: last === null ? t("stores.never") : <Moment at={last.finished_at} /> },
          {
            name: t("stores.difference"),
            value:
              last === null
                ? "–"
                : last.outcome === "failed"
                  ? t("stores.failed")
                  : deltas.length === 0 || deltas.every(([, delta]) => isZero(delta))
                    ? "0.00"
                    : deltas.map(([currency, delta]) => <Amount key={currency} value={delta} currency={currency} />),
          },
        ]}
      />
      {last?.error && <Callout is="bad">{last.error}</Callout>}
      <div className="row">
        <button
          type="button"
          className="btn"
          disabled={ask.isPending || health?.rest_since === null}
          onClick={() => ask.mutate()}
        >
          {ask.isPending ? t("working") : t("stores.ask")}
        </button>
        <Link className="btn quiet" to="/deliveries" search={{ store: store.store_id }}>
          {t("stores.deliveries")}
        </Link>
      </div>
      {health?.rest_since === null && <p className="note">{t("stores.cannotAsk")}</p>}
      {ask.isSuccess && <p className="note">{t("stores.asked")}</p>}
      {ask.error && <Callout is="bad">{problemOf(ask.error)}</Callout>}
    </div>
  );
}

function Heard({ store, health }: { store: Store; health: Health | undefined }) {
  const { t } = useTranslation();
  if (store.status !== "active") return <Status is="open">{t(`stores.status.${store.status}` as "stores.status.paused")}</Status>;
  if (health === undefined) return <Status is="open">…</Status>;
  if (health.dead_letters > 0) return <Status is="bad">{t("stores.dead", { count: health.dead_letters })}</Status>;
  if (health.last_delivery_at === null) return <Status is="open">{t("stores.neverHeard")}</Status>;
  return (
    <Status is={health.problems.length > 0 ? "warn" : "good"}>
      {t("stores.heard")} <Moment at={health.last_delivery_at} as="ago" />
    </Status>
  );
}

/** A one-time code that the shop's plugin or app is given. */
function Connect({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const make = useMutation({ mutationFn: () => answerOf(hub["connection-codes"].$post()) });
  return (
    <Dialog
      title={t("connect.title")}
      about={t("connect.about")}
      act={make.data ? t("connect.again") : t("connect.act")}
      isReady
      isBusy={make.isPending}
      error={make.error}
      onAct={() => make.mutate()}
      onClose={onClose}
    >
      {make.data && (
        <>
          <p className="mono" style={{ overflowWrap: "anywhere", userSelect: "all" }} data-code>
            {make.data.code}
          </p>
          <p className="note">
            {t("connect.until")} <Moment at={make.data.expires_at} as="whole" />
          </p>
        </>
      )}
      <ol className="steps">
        {(["shopify", "woocommerce", "magento"] as const).map((platform) => (
          <li key={platform}>
            <span>{platformName(platform)}</span>
            <span />
            <p>{t(`connect.${platform}`)}</p>
          </li>
        ))}
      </ol>
    </Dialog>
  );
}
