import { useQuery } from "@tanstack/react-query";
import { answerOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Bone } from "../../design/parts.tsx";
import { useCompany } from "../../shared/company.tsx";
import { hub } from "../../shared/hub.ts";
import { Refused } from "../failure.tsx";

type Material = Awaited<ReturnType<typeof readAll>>["items"][number];
const readAll = () => answerOf(hub.materials.$get());

/** What the company offers: texts to copy, links to hand on, pictures to save. */
export default function MaterialsPage() {
  const { t } = useTranslation("portal");
  const { slug } = useCompany();
  const { data, error, refetch } = useQuery({ queryKey: ["materials", slug], queryFn: readAll });
  return (
    <>
      <h1 style={{ paddingBottom: 16 }}>{t("materials.title")}</h1>
      {error && <Refused error={error} onAgain={() => void refetch()} />}
      {data === undefined && !error && <Bone width={220} />}
      {data?.items.length === 0 && <p className="empty">{t("materials.empty")}</p>}
      <div className="materials">
        {data?.items.map((item) => (
          <article key={item.material_id}>
            <h2>{item.title}</h2>
            <Content item={item} />
          </article>
        ))}
      </div>
    </>
  );
}

function Content({ item }: { item: Material }) {
  const { t } = useTranslation("portal");
  const { slug } = useCompany();
  const [isCopied, setCopied] = useState(false);
  if (item.kind === "link")
    return (
      <>
        <p className="sub">{new URL(item.body).host}</p>
        <a className="btn slim" href={item.body} rel="noreferrer" target="_blank">
          {t("materials.open")}
        </a>
      </>
    );
  if (item.kind === "picture") {
    const source = `/api/materials/${item.material_id}/picture?company=${encodeURIComponent(slug)}`;
    return (
      <>
        <img src={source} alt={item.body || item.title} loading="lazy" />
        <a className="btn slim" href={source} download={item.title}>
          {t("materials.save")}
        </a>
      </>
    );
  }
  return (
    <>
      <p className="said sub">{item.body}</p>
      <button
        type="button"
        className="btn slim"
        onClick={() => void navigator.clipboard.writeText(item.body).then(() => setCopied(true))}
      >
        {isCopied ? t("home.copied") : t("materials.copy")}
      </button>
    </>
  );
}
