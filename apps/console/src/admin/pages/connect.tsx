import { getRouteApi, Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Page } from "../../design/page.tsx";
import { Callout } from "../../design/parts.tsx";
import { type ShapeName, Status } from "../../design/shapes.tsx";
import "../../design/wizard.css";
import { platformName } from "../platforms.ts";
import { useStores } from "../waiting.ts";
import { ConnectCode } from "./connect-code.tsx";
import { ConnectListening } from "./connect-listening.tsx";

const route = getRouteApi("/stores/connect");
const PLATFORMS = ["shopify", "woocommerce", "magento"] as const;
const STEPS = ["platform", "code", "hear", "map", "older"] as const;

/** The way of a shop to the hub: its platform, the code that it is given, and listening until it is heard. The address knows the step. */
export default function Connect() {
  const { t } = useTranslation();
  const { platform, since, store: id } = route.useSearch();
  const stores = useStores();
  const store = stores?.find((one) => one.store_id === id);
  const isUnknown = id !== undefined && stores !== undefined && store === undefined;
  const now = id !== undefined && !isUnknown ? "hear" : platform !== undefined ? "code" : "platform";
  return (
    <Page
      title={store?.name ?? t("connect.title")}
      crumbs={[
        <Link key="stores" to="/stores">
          {t("nav.stores")}
        </Link>,
        ...(store === undefined ? [] : [t("connect.title")]),
      ]}
      status={store !== undefined && <Status is="wait">{t("connect.listening")}</Status>}
      about={store === undefined ? t("connect.lead") : `${platformName(store.platform)} · ${store.domain}`}
      actions={
        <Link to="/stores" className="btn">
          {t("connect.later")}
        </Link>
      }
    >
      <div className="wizard">
        <StepList now={now} platform={store?.platform ?? platform} />
        {isUnknown && <Callout is="warn">{t("connect.unknown")}</Callout>}
        {now === "platform" && !isUnknown && <PlatformChoice />}
        {now === "code" && platform !== undefined && !isUnknown && <ConnectCode platform={platform} since={since} />}
        {store !== undefined && <ConnectListening store={store} />}
      </div>
    </Page>
  );
}

function StepList({ now, platform }: { now: (typeof STEPS)[number]; platform: string | undefined }) {
  const { t } = useTranslation();
  const at = STEPS.indexOf(now);
  const shapeOf = (index: number): ShapeName => (index < at ? "good" : index === at ? "wait" : "open");
  return (
    <ol className="steps-v" aria-label={t("connect.steps")}>
      {STEPS.map((step, index) => (
        <li key={step} aria-current={index === at ? "step" : undefined}>
          <Status is={shapeOf(index)}>{t(`connect.step.${step}`)}</Status>
          <span className="note">
            {step === "platform" && platform !== undefined ? platformName(platform) : t(`connect.stepNote.${step}`)}
          </span>
        </li>
      ))}
    </ol>
  );
}

function PlatformChoice() {
  const { t } = useTranslation();
  return (
    <section>
      <h2>{t("connect.which")}</h2>
      <ul className="choices-v">
        {PLATFORMS.map((platform) => (
          <li key={platform}>
            <Link to="/stores/connect" search={{ platform }} className="btn wide">
              {platformName(platform)}
            </Link>
            <p className="note">{t(`connect.needs.${platform}`)}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
