import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answerOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../../design/filters.tsx";
import { Callout } from "../../design/parts.tsx";
import { useCompany, usePlace } from "../../shared/company.tsx";
import { hub } from "../../shared/hub.ts";
import { briefly } from "../../shared/moments.ts";
import { problemOf } from "../../shared/problem.ts";
import { lookAt } from "../join/joining.ts";
import { useMe } from "../me.ts";
import { RowBones } from "../row-bones.tsx";
import { ShareRow } from "../share-block.tsx";
import { spanName } from "../spans.ts";

/** Every way to hand on the own code: the code itself, links to a shop, a product or a campaign, and what came of each. */
export default function SharePage() {
  const { t } = useTranslation("portal");
  const me = useMe();
  const [open, setOpen] = useState<string | null>(null);
  const { slug } = useCompany();
  const place = usePlace();
  const client = useQueryClient();
  const { data } = useQuery({ queryKey: ["links", slug], queryFn: () => answerOf(hub.portal.links.$get()) });
  const withdraw = useMutation({
    mutationFn: (link_id: string) => answerOf(hub.referrals.links[":link_id"].$delete({ param: { link_id } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["links", slug] }),
  });
  const joining = useJoining(me?.codes[0]);
  const isWayKnown = me !== undefined && (me.codes[0] === undefined || !joining.isPending);
  const span = data ? spanName(data.span, place, true) : "";
  return (
    <>
      <h1 style={{ paddingBottom: 16 }}>{t("share.title")}</h1>
      <div className="two-up">
        <div>
          <section className="block-p o1">
            <div className="section-head">
              <h2>{t("home.link")}</h2>
              {data && <span className="sub">{span}</span>}
            </div>
            {me ? <ShareRow url={me.url} /> : <RowBones count={2} />}
          </section>
          {me?.codes[0] !== undefined && <InviteLink code={me.codes[0]} />}
          {/* Whether there is a way to join decides where the rest stands. */}
          <section className="block-p o3" hidden={!isWayKnown}>
            <div className="section-head">
              <h2>{t("share.links")}</h2>
              <span className="sub">{t("share.counts")}</span>
            </div>
            <div className="rows">
              {data?.items.map((item) => (
                <div key={item.link_id ?? item.name} style={{ borderBottom: "1px solid var(--line)" }}>
                  <button
                    type="button"
                    className="link-row"
                    aria-expanded={open === item.name}
                    onClick={() => setOpen(open === item.name ? null : item.name)}
                  >
                    <span>
                      {item.name}
                      <span className="second">
                        {item.link_id === null
                          ? t("share.codeItself")
                          : [item.shop ?? t("share.anyShop"), item.path, item.campaign].filter(Boolean).join(" · ")}
                        {item.expires_at !== null && ` · ${t("share.until", { day: briefly(item.expires_at, place) })}`}
                      </span>
                    </span>
                    <span className="num sub">
                      {t("share.visits", { count: item.visitors })}
                      {item.link_id === null && `, ${t("share.orders", { count: item.orders })}`}
                    </span>
                  </button>
                  {open === item.name && (
                    <div className="opened">
                      <ShareRow url={item.url} />
                      {item.link_id !== null && (
                        <p style={{ paddingTop: 12 }}>
                          <button
                            type="button"
                            className="btn slim"
                            disabled={withdraw.isPending}
                            onClick={() => withdraw.mutate(item.link_id ?? "")}
                          >
                            {t("share.withdraw")}
                          </button>
                        </p>
                      )}
                    </div>
                  )}
                </div>
              ))}
            </div>
            {withdraw.error && <Callout is="bad">{problemOf(withdraw.error)}</Callout>}
            <p className="note" style={{ paddingTop: 8 }}>
              {t("share.ordersNote")}
            </p>
          </section>
        </div>
        <div>
          <section className="block-p o2 opened" hidden={!isWayKnown}>
            <NewLink />
          </section>
        </div>
      </div>
    </>
  );
}

function useJoining(code: string | undefined) {
  const { slug } = useCompany();
  return useQuery({
    queryKey: ["joining", slug, code],
    enabled: code !== undefined,
    queryFn: () => lookAt(code ?? "", slug),
    staleTime: 300_000,
  });
}

/** The way to join under whoever is signed in, where the company takes people in by it. */
function InviteLink({ code }: { code: string }) {
  const { t } = useTranslation("portal");
  const { slug } = useCompany();
  const { data } = useJoining(code);
  if (data?.state !== "open") return null;
  return (
    <section className="block-p o1">
      <div className="section-head">
        <h2>{t("share.invite")}</h2>
        <span className="sub">{t("share.inviteWhy")}</span>
      </div>
      <ShareRow url={`${window.location.origin}/join/${encodeURIComponent(code)}?company=${encodeURIComponent(slug)}`} />
    </section>
  );
}

function NewLink() {
  const { t } = useTranslation("portal");
  const { slug } = useCompany();
  const me = useMe();
  const client = useQueryClient();
  const { data: shops } = useQuery({ queryKey: ["shops", slug], queryFn: () => answerOf(hub.portal.shops.$get()) });
  const [name, setName] = useState("");
  const [code, setCode] = useState("");
  const [shop, setShop] = useState("");
  const [path, setPath] = useState("");
  const [campaign, setCampaign] = useState("");
  const make = useMutation({
    mutationFn: () =>
      answerOf(
        hub.referrals.links.$post({
          json: {
            name,
            code: code || (me?.codes[0] ?? ""),
            ...(shop && { store_id: shop }),
            ...(path.trim() && { path: pathOf(path) }),
            ...(campaign.trim() && { tags: { utm_campaign: campaign.trim() } }),
          },
        }),
      ),
    onSuccess: () => {
      setName("");
      setPath("");
      setCampaign("");
      void client.invalidateQueries({ queryKey: ["links", slug] });
    },
  });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!make.isPending) make.mutate();
      }}
    >
      <h2>{t("share.newTitle")}</h2>
      <Field name={t("share.name")} help={t("share.nameHelp")}>
        <input className="input" required maxLength={100} value={name} onChange={({ target }) => setName(target.value)} />
      </Field>
      {(me?.codes.length ?? 0) > 1 && (
        <Field name={t("share.code")}>
          <select className="input select" value={code || me?.codes[0]} onChange={({ target }) => setCode(target.value)}>
            {me?.codes.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </Field>
      )}
      <Field name={t("share.shop")}>
        <select className="input select" value={shop} onChange={({ target }) => setShop(target.value)}>
          <option value="">{t("share.anyShop")}</option>
          {shops?.items.map((each) => (
            <option key={each.store_id} value={each.store_id}>
              {each.domain}
            </option>
          ))}
        </select>
      </Field>
      <Field name={t("share.path")} help={t("share.pathHelp")}>
        <input className="input" maxLength={500} value={path} onChange={({ target }) => setPath(target.value)} />
      </Field>
      <Field name={t("share.campaign")} help={t("share.campaignHelp")}>
        <input className="input" maxLength={100} value={campaign} onChange={({ target }) => setCampaign(target.value)} />
      </Field>
      {make.error && <Callout is="bad">{problemOf(make.error)}</Callout>}
      {make.isSuccess && <Callout is="good">{t("share.made")}</Callout>}
      <button type="submit" className="btn wide" disabled={make.isPending}>
        {t("share.make")}
      </button>
    </form>
  );
}

/** A product's whole address is pasted as often as its path. */
function pathOf(text: string): string {
  const trimmed = text.trim();
  if (URL.canParse(trimmed)) {
    const { pathname, search } = new URL(trimmed);
    return pathname + search;
  }
  return trimmed.startsWith("/") ? trimmed : `/${trimmed}`;
}
