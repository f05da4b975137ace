import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Page } from "../../design/page.tsx";
import { useStoreHealth, useStores } from "../waiting.ts";
import { StoreCard } from "./store-card.tsx";
import { StoresCompared } from "./stores-compared.tsx";

/** A card for each shop: how it is heard, what could not be read, what differs; and the way to connect another. */
export default function Stores() {
  const { t } = useTranslation();
  const stores = useStores();
  const health = useStoreHealth();
  const troubled = (health ?? []).filter((one) => one.problems.length > 0 || one.dead_letters > 0).length;
  return (
    <Page
      title={t("nav.stores")}
      about={
        stores &&
        (troubled === 0 ? t("stores.allWell", { count: stores.length }) : t("stores.about", { count: stores.length, troubled }))
      }
      actions={
        <Link to="/stores/connect" search={{}} className="btn">
          {t("stores.connect")}
        </Link>
      }
    >
      {stores?.length === 0 && <p className="empty">{t("stores.empty")}</p>}
      <div className="cards">
        {stores?.map((store) => (
          <StoreCard key={store.store_id} store={store} health={health?.find((one) => one.store_id === store.store_id)} />
        ))}
      </div>
      {stores && health && <StoresCompared stores={stores} health={health} />}
    </Page>
  );
}
