import { useMutation } from "@tanstack/react-query";
import { answerOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../../design/dialog.tsx";
import { Moment } from "../../design/moment.tsx";
import { Page } from "../../design/page.tsx";
import { hub } from "../../shared/hub.ts";
import { platformName } from "../platforms.ts";
import { useStoreHealth, useStores } from "../waiting.ts";
import { StoreCard } from "./store-card.tsx";
import { StoresCompared } from "./stores-compared.tsx";

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
      <div className="cards">
        {stores?.map((store) => (
          <StoreCard key={store.store_id} store={store} health={health?.find((one) => one.store_id === store.store_id)} />
        ))}
      </div>
      {stores && health && <StoresCompared stores={stores} health={health} />}
      {isConnecting && <Connect onClose={() => setConnecting(false)} />}
    </Page>
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
