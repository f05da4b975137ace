import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Amount, Less } from "../../design/amount.tsx";
import { Door, Page } from "../../design/page.tsx";
import { Steps, Timeline } from "../../design/parts.tsx";
import { usePlace } from "../../shared/company.tsx";
import { hub } from "../../shared/hub.ts";
import { momentOf } from "../../shared/moments.ts";
import { differenceOf, isZero, sumOf } from "../../shared/money.ts";
import { isMissing } from "../../shared/problem.ts";
import { useTell } from "../../shared/reasons.ts";
import { Failure, Missing } from "../failure.tsx";
import { percent } from "./order-commissions.tsx";
import { type OrderDetail, orderQuery } from "./order-query.ts";

type Cent = BodyOf<Awaited<ReturnType<(typeof hub.commissions)[":order_id"][":entry"]["$get"]>>>;
const route = getRouteApi("/orders/$orderId/$entry");

/** One commission: what was sold, the walk up the tree, what it came to. And whoever got nothing: why not. */
export default function TheCent() {
  const { t } = useTranslation();
  const tell = useTell();
  const { orderId, entry } = route.useParams();
  const { data: cent, error } = useQuery({
    queryKey: ["commission", orderId, entry],
    queryFn: () => answerOf(hub.commissions[":order_id"][":entry"].$get({ param: { order_id: orderId, entry } })),
  });
  const { data: order, error: orderError } = useQuery(orderQuery(orderId));
  const problem = error ?? orderError;
  if (problem) return isMissing(problem) ? <Missing /> : <Failure error={problem} />;
  if (cent === undefined || order === undefined) return null;
  const line = order.lines.find(({ line_id: id }) => id === cent.line_id);
  const who = cent.distributor_id ?? t("commissions.company");
  return (
    <Page
      name={`${cent.amount} ${cent.currency} ${who}`}
      title={
        <>
          <Amount value={cent.amount} currency={cent.currency} /> {t("cent.for", { who })}
        </>
      }
      crumbs={[
        <Link key="orders" to="/orders">
          {t("orders.title")}
        </Link>,
        <Link key="order" to="/orders/$orderId" params={{ orderId }}>
          {t("orderPage.title", { name: order.order_name })}
        </Link>,
        ...(line ? [<span key="line">{line.name}</span>] : []),
      ]}
      about={tell(cent.reason, cent.explanation)}
      actions={
        <button type="button" className="btn" onClick={() => void navigator.clipboard.writeText(window.location.href)}>
          {t("copyLink")}
        </button>
      }
    >
      <div className="grid cent">
        <section aria-labelledby="sold">
          <h2 id="sold">{t("cent.sold")}</h2>
          {line && <Line line={line} currency={order.currency} />}
        </section>
        <section aria-labelledby="walk">
          <h2 id="walk">{t("cent.walk")}</h2>
          <Walk cent={cent} order={order} />
        </section>
        <section aria-labelledby="came">
          <h2 id="came">{t("cent.came")}</h2>
          <Came cent={cent} />
        </section>
      </div>
      <WhyNot cent={cent} order={order} />
    </Page>
  );
}

function Line({ line, currency }: { line: OrderDetail["lines"][number]; currency: string }) {
  const { t } = useTranslation();
  return (
    <>
      <div className="block">
        <h3>{t("cent.line")}</h3>
        <Steps
          steps={[
            { name: `${line.qty} × ${line.name}`, value: <Amount value={line.gross} /> },
            { name: t("cent.shareOfDiscount"), value: <Less value={line.discount} /> },
            { name: t("cent.taxInPrice"), value: <Less value={line.included_tax} /> },
            { name: t("net"), value: <Amount value={line.net} currency={currency} />, isSum: true },
          ]}
        />
      </div>
      {line.mapping && (
        <div className="block">
          <h3>{t("cent.mapping")}</h3>
          <Steps
            steps={[
              { name: t("cent.sku"), value: <span className="mono">{line.platform_sku ?? line.variant_id}</span> },
              { name: t("cent.class"), value: line.mapping.commission_class, why: line.mapping.sku_id },
              { name: t("cent.pv"), value: <Amount value={line.mapping.pv} /> },
              { name: t("cent.cv"), value: <Amount value={line.mapping.cv} /> },
            ]}
          />
        </div>
      )}
    </>
  );
}

/** The way up from the seller: paid, passed over with the reason, and where this amount stands. */
function Walk({ cent, order }: { cent: Cent; order: OrderDetail }) {
  const { t } = useTranslation();
  const place = usePlace();
  const tell = useTell();
  const same = order.commissions.filter((one) => one.line_id === cent.line_id && one.bonus === cent.bonus);
  const amountOf = (distributor: string | null, level: number) =>
    same.find((one) => one.distributor_id === distributor && one.level === level);
  const rest = same.filter(
    (one) => one.level > cent.level || (one.distributor_id === null && one.level >= cent.level && one.entry !== cent.entry),
  );
  return (
    <>
      <p className="sub" style={{ paddingBottom: 10 }}>
        {t("cent.asOf", { at: momentOf(cent.order_ts, place) })}
      </p>
      <ol className="walk">
        {cent.walk.map((step) => {
          const isHere = step.distributor_id === cent.distributor_id && step.level === cent.level;
          const paid = amountOf(step.distributor_id, step.level ?? 0);
          return (
            <li key={`${step.distributor_id} ${step.level} ${step.text}`} className={isHere ? "here" : paid ? undefined : "none"}>
              <span className="lvl">{paid ? (step.level === 0 ? "S" : step.level) : "–"}</span>
              <div>
                <b>{step.distributor_id ?? t("commissions.company")}</b>
                <p>{tell(step.reason, step.text)}</p>
              </div>
              <span className="pay">
                {paid &&
                  (isHere ? (
                    <Amount value={paid.original} />
                  ) : (
                    <Door shown to="/orders/$orderId/$entry" params={{ orderId: cent.order_id, entry: paid.entry }}>
                      <Amount value={paid.original} />
                    </Door>
                  ))}
              </span>
            </li>
          );
        })}
        {rest.map((one) => (
          <li key={one.entry} className={one.distributor_id === null ? "none" : undefined}>
            <span className="lvl">{one.level}</span>
            <div>
              <b>{one.distributor_id ?? t("commissions.company")}</b>
              <p>{tell(one.reason, one.explanation)}</p>
            </div>
            <span className="pay">
              <Door shown to="/orders/$orderId/$entry" params={{ orderId: cent.order_id, entry: one.entry }}>
                <Amount value={one.original} />
              </Door>
            </span>
          </li>
        ))}
      </ol>
      <div className="spread" style={{ paddingTop: 10 }}>
        <b>{t("cent.together", { bonus: cent.bonus })}</b>
        <b>
          <Amount value={sumOf(same.map((one) => one.original))} />
        </b>
      </div>
    </>
  );
}

function Came({ cent }: { cent: Cent }) {
  const { t } = useTranslation();
  const place = usePlace();
  const back = differenceOf(cent.original, cent.amount);
  return (
    <>
      <div className="block">
        <h3>{t("cent.amount")}</h3>
        <Steps
          steps={[
            ...(cent.base === null ? [] : [{ name: t("cent.paidOn"), value: <Amount value={cent.base} /> }]),
            ...(cent.rate === null
              ? []
              : [
                  {
                    name: t("cent.rate"),
                    value: (
                      <Door shown to="/plans/$planHash" params={{ planHash: cent.plan?.hash ?? "" }}>
                        {percent(cent.rate, place.language)}
                      </Door>
                    ),
                    why: cent.plan ? `${cent.plan.id} ${cent.plan.version}` : undefined,
                  },
                ]),
            { name: t("cent.earned"), value: <Amount value={cent.original} /> },
            ...(isZero(back) ? [] : [{ name: t("cent.back"), value: <Less value={back} />, why: t("cent.backWhy") }]),
            { name: t("cent.stands"), value: <Amount value={cent.amount} currency={cent.currency} />, isSum: true },
          ]}
        />
      </div>
      <div className="block">
        <h3>{t("cent.where")}</h3>
        <Timeline
          events={cent.transfers.map((transfer) => ({
            key: transfer.event_id,
            shape: transfer.kind === "clawback" ? "bad" : "good",
            when: `${momentOf(transfer.recorded_at, place)} · ${t("cent.transfer", { number: transfer.event_id })}`,
            what: (
              <>
                {transfer.debit.account} → {transfer.credit.owner ?? t("commissions.company")}, {transfer.credit.account}{" "}
                <b>
                  <Amount value={transfer.amount} currency={transfer.currency} />
                </b>
              </>
            ),
          }))}
        />
      </div>
    </>
  );
}

/** Anybody above the seller can be asked about; who was passed over stands ready. */
function WhyNot({ cent, order }: { cent: Cent; order: OrderDetail }) {
  const { t } = useTranslation();
  const tell = useTell();
  const [asked, setAsked] = useState("");
  const above = order.upline.map(({ distributor_id: id }) => id);
  const id = asked.trim();
  const skipped = cent.skipped.find((one) => one.distributor_id === id);
  const paid = order.commissions.filter((one) => one.distributor_id === id && one.line_id === cent.line_id);
  const rank = above.indexOf(id);
  const answer =
    id === ""
      ? t("cent.ask")
      : skipped
        ? tell(skipped.reason, skipped.text)
        : paid.length > 0
          ? paid.map((one) => tell(one.reason, one.explanation)).join(" ")
          : rank === -1
            ? t("cent.notAbove", { id })
            : t("cent.tooFar", { id, level: rank });
  return (
    <section className="panel section cent-why">
      <h2>{t("cent.whyNot")}</h2>
      <div className="cols">
        <p className="reading" aria-live="polite">
          {answer}
        </p>
        <label className="field">
          <span>{t("cent.whoseName")}</span>
          <input
            className="input"
            list="above"
            value={asked}
            onChange={({ target }) => setAsked(target.value)}
            placeholder={above[1]}
          />
          <datalist id="above">
            {above.map((one) => (
              <option key={one} value={one} />
            ))}
          </datalist>
        </label>
      </div>
    </section>
  );
}
