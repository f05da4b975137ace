import { useMutation } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { answerOf } from "@upline/hub/client";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Moment } from "../../design/moment.tsx";
import { Callout } from "../../design/parts.tsx";
import { hub, queries } from "../../shared/hub.ts";
import { problemOf } from "../../shared/problem.ts";
import { useStoreHealth, useStores } from "../waiting.ts";

const route = getRouteApi("/stores/connect");
const DAY_MS = 86_400_000;
/** A shop that connects itself is nobody's act in the console, so that no event tells of it. */
const LOOK_EVERY_MS = 3_000;

type Platform = "shopify" | "woocommerce" | "magento";

/** The code that the shop is given, and where; as soon as the shop has used it, the next step begins by itself. */
export function ConnectCode({ platform, since }: { platform: Platform; since: string | undefined }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const connected = useConnectedSince(platform, since);
  useEffect(() => {
    if (connected !== undefined) void navigate({ search: { platform, since, store: connected }, replace: true });
  }, [connected, platform, since, navigate]);
  const make = useMutation({
    mutationFn: () => answerOf(hub["connection-codes"].$post()),
    // By the hub's clock: whatever connects from then on used this code.
    onSuccess: ({ expires_at }) =>
      navigate({ search: { platform, since: new Date(Date.parse(expires_at) - DAY_MS).toISOString() }, replace: true }),
  });
  return (
    <>
      <section>
        <h2>{t("connect.give")}</h2>
        <ol className="ways-v">
          {(["install", "paste"] as const).map((way) => (
            <li key={way}>{t(`connect.how.${platform}.${way}`)}</li>
          ))}
        </ol>
        {make.data && (
          <p className="mono code" data-code>
            {make.data.code}
          </p>
        )}
        {make.data && (
          <p className="note">
            {t("connect.until")} <Moment at={make.data.expires_at} as="whole" />
          </p>
        )}
        {make.error && <Callout is="bad">{problemOf(make.error)}</Callout>}
        <div className="row act">
          <button
            type="button"
            className={make.data ? "btn" : "btn primary"}
            disabled={make.isPending}
            onClick={() => make.mutate()}
          >
            {make.isPending ? t("working") : make.data || since !== undefined ? t("connect.again") : t("connect.act")}
          </button>
          <Link to="/stores/connect" search={{}} className="sub">
            {t("connect.otherPlatform")}
          </Link>
        </div>
        {since !== undefined && (
          <p className="sub" role="status">
            <span className="pulse" aria-hidden="true" />
            {t("connect.waiting")}
          </p>
        )}
      </section>
      <aside className="panel">
        <h3>{t("connect.nothing")}</h3>
        <ul className="lines">
          <li>{t("connect.check.code")}</li>
          <li>{t("connect.check.reach")}</li>
          <li>{t(`connect.check.${platform}`)}</li>
        </ul>
      </aside>
    </>
  );
}

/** The shop of a platform that connected since a code was made: a new one, or one that was connected again. */
function useConnectedSince(platform: Platform, since: string | undefined): string | undefined {
  const stores = useStores();
  const health = useStoreHealth();
  useEffect(() => {
    if (since === undefined) return;
    const timer = setInterval(() => void queries.invalidateQueries({ queryKey: ["stores"] }), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [since]);
  if (since === undefined) return undefined;
  const isAfter = (at: string | null | undefined) => at !== null && at !== undefined && Date.parse(at) >= Date.parse(since);
  return stores?.find((store) => {
    if (store.platform !== platform) return false;
    const seen = health?.find(({ store_id: id }) => id === store.store_id);
    return isAfter(store.created_at) || isAfter(seen?.plugin_since) || isAfter(seen?.app_since);
  })?.store_id;
}
