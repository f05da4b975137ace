import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Bone } from "../design/parts.tsx";
import { usePlace } from "../shared/company.tsx";
import { useMe } from "./me.ts";
import { RowBones } from "./row-bones.tsx";
import { type SpanOf, spanName } from "./spans.ts";

const QrCode = lazy(() => import("./qr-code.tsx"));

/** The link to hand on: as text, to the apps of the phone, as a picture. */
export function ShareBlock({ home }: { home: { span: SpanOf; links: { visitors: number; orders: number } } | undefined }) {
  const { t } = useTranslation("portal");
  const place = usePlace();
  const me = useMe();
  const span = home ? spanName(home.span, place) : "";
  return (
    <>
      <div className="section-head">
        <h2>{t("home.link")}</h2>
        <span className="sub">{me ? t("home.code", { code: me.codes[0] ?? me.distributor_id }) : <Bone width={96} />}</span>
      </div>
      {me ? <ShareRow url={me.url} /> : <RowBones count={2} />}
      {home === undefined && (
        <p className="note" style={{ paddingTop: 10 }}>
          <Bone width={220} />
        </p>
      )}
      {home && (
        <p className="note" style={{ paddingTop: 10 }}>
          <Link to="/share">{t("home.moreLinks")}</Link>
          {" · "}
          {t("home.orders", { count: home.links.orders, visits: t("home.visits", { count: home.links.visitors, span }) })}
        </p>
      )}
    </>
  );
}

export function ShareRow({ url }: { url: string }) {
  const { t } = useTranslation("portal");
  const [isCopied, setCopied] = useState(false);
  const [showsQr, setShowsQr] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(url);
    setCopied(true);
    setTimeout(() => setCopied(false), 2_000);
  };
  const canShare = typeof navigator.share === "function";
  return (
    <>
      <div className="link">
        <span>{url.replace(/^https?:\/\//, "")}</span>
      </div>
      <div className="share" style={canShare ? undefined : { gridTemplateColumns: "1fr 1fr" }}>
        {canShare && (
          <button type="button" className="btn primary" onClick={() => void navigator.share({ url }).catch(() => {})}>
            {t("home.share")}
          </button>
        )}
        <button type="button" className={canShare ? "btn" : "btn primary"} onClick={() => void copy()}>
          {isCopied ? t("home.copied") : t("home.copy")}
        </button>
        <button type="button" className="btn" aria-expanded={showsQr} onClick={() => setShowsQr(!showsQr)}>
          {t("home.qr")}
        </button>
      </div>
      <span className="vh" role="status">
        {isCopied ? t("home.copied") : ""}
      </span>
      {showsQr && (
        <Suspense>
          <QrCode text={url} label={t("home.qrOf", { url })} />
        </Suspense>
      )}
    </>
  );
}
