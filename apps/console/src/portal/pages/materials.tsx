import { useQuery } from "@tanstack/react-query";
import { answerOf } from "@upline/hub/client";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Bone } from "../../design/parts.tsx";
import { useCompany } from "../../shared/company.tsx";
import { hub } from "../../shared/hub.ts";
import { Refused } from "../failure.tsx";

type Material = Awaited<ReturnType<typeof readAll>>["items"][number];
const readAll = () => answerOf(hub.materials.$get());
/** As they are listed: what is copied most comes first. */
const KINDS = ["text", "link", "picture"] as const;
/** A longer text is folded, so that the next one is in sight. */
const FOLDED_FROM = 280;

/** What the company offers, by kind: texts to copy, links to hand on, pictures to save. */
export default function MaterialsPage() {
  const { t } = useTranslation("portal");
  const { slug } = useCompany();
  const { data, error, refetch } = useQuery({ queryKey: ["materials", slug], queryFn: readAll });
  const items = data?.items;
  return (
    <>
      <h1>{t("materials.title")}</h1>
      <p className="sub" style={{ paddingBottom: 8 }}>
        {t("materials.about")}
      </p>
      {error && <Refused error={error} onAgain={() => void refetch()} />}
      {items === undefined && !error && <Bones />}
      {items?.length === 0 && <p className="empty">{t("materials.empty")}</p>}
      {KINDS.map((kind) => {
        const some = items?.filter((item) => item.kind === kind) ?? [];
        if (some.length === 0) return null;
        return (
          <section key={kind} className="section" aria-labelledby={`materials-${kind}`}>
            <div className="section-head">
              <h2 id={`materials-${kind}`}>{t(`materials.kinds.${kind}`)}</h2>
              <span className="sub">{some.length}</span>
            </div>
            <div className={`materials of-${kind}`}>
              {some.map((item) => (
                <article key={item.material_id}>
                  <Offered item={item} />
                </article>
              ))}
            </div>
          </section>
        );
      })}
    </>
  );
}

function Bones() {
  return (
    <div className="materials" aria-busy="true">
      {[220, 180, 200].map((width) => (
        <article key={width}>
          <Bone width={width} />
        </article>
      ))}
    </div>
  );
}

function Offered({ item }: { item: Material }) {
  const { t } = useTranslation("portal");
  const { slug } = useCompany();
  if (item.kind === "link")
    return (
      <Head title={item.title} about={URL.canParse(item.body) ? new URL(item.body).host : item.body}>
        <Copy text={item.body} word={t("materials.copyLink")} title={item.title} />
        <a
          className="btn slim"
          href={item.body}
          rel="noreferrer"
          target="_blank"
          aria-label={t("materials.openOf", { title: item.title })}
        >
          {t("materials.open")}
        </a>
      </Head>
    );
  if (item.kind === "picture") {
    const source = `/api/materials/${item.material_id}/picture?company=${encodeURIComponent(slug)}`;
    return (
      <>
        <img src={source} alt={item.body || item.title} loading="lazy" />
        <Head title={item.title} about={item.body}>
          <a className="btn slim" href={source} download={item.title} aria-label={t("materials.saveOf", { title: item.title })}>
            {t("materials.save")}
          </a>
        </Head>
      </>
    );
  }
  return (
    <>
      <Head title={item.title}>
        <Copy text={item.body} word={t("materials.copy")} title={item.title} />
      </Head>
      <Said text={item.body} title={item.title} />
    </>
  );
}

/** What it is called, and at the right what is done with it. */
function Head({ title, about, children }: { title: string; about?: string; children: ReactNode }) {
  return (
    <div className="material-head">
      <div>
        <h3>{title}</h3>
        {about && <p className="sub">{about}</p>}
      </div>
      <div className="row">{children}</div>
    </div>
  );
}

function Said({ text, title }: { text: string; title: string }) {
  const { t } = useTranslation("portal");
  const [isWhole, setWhole] = useState(text.length <= FOLDED_FROM);
  return (
    <>
      <p className={isWhole ? "said" : "said folded"}>{text}</p>
      {text.length > FOLDED_FROM && (
        <button
          type="button"
          className="as-link"
          aria-expanded={isWhole}
          aria-label={t(isWhole ? "materials.lessOf" : "materials.wholeOf", { title })}
          onClick={() => setWhole(!isWhole)}
        >
          {t(isWhole ? "materials.less" : "materials.whole")}
        </button>
      )}
    </>
  );
}

function Copy({ text, word, title }: { text: string; word: string; title: string }) {
  const { t } = useTranslation("portal");
  const [isCopied, setCopied] = useState(false);
  return (
    <button
      type="button"
      className="btn slim"
      aria-label={isCopied ? undefined : `${word}: ${title}`}
      onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
    >
      {isCopied ? t("home.copied") : word}
    </button>
  );
}
