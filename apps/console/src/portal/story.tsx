import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { answerOf } from "@upline/hub/client";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import { Amount } from "../design/amount.tsx";
import { Bone, Steps } from "../design/parts.tsx";
import { useCompany, usePlace } from "../shared/company.tsx";
import { hub } from "../shared/hub.ts";
import { momentOf } from "../shared/moments.ts";
import { formatDecimal, isZero, sumOf } from "../shared/money.ts";
import { told, useTell } from "../shared/reasons.ts";
import { Refused } from "./failure.tsx";

export interface StoryOf {
  readonly kind: "order" | "close";
  readonly order_id: string | null;
  readonly period_id: string | null;
  readonly bonus?: string;
  readonly level?: number;
}

/** How an amount came about, down to its lines; of a close, why not more. */
export function Story({ of }: { of: StoryOf }) {
  if (of.kind === "order" && of.order_id !== null) return <OrderStory orderId={of.order_id} bonus={of.bonus} level={of.level} />;
  return of.period_id === null ? null : <CloseStory periodId={of.period_id} bonus={of.bonus} />;
}

type OrderTold = Awaited<ReturnType<typeof readOrder>>;
const readOrder = (order_id: string) => answerOf(hub.portal.orders[":order_id"].$get({ param: { order_id } }));

function OrderStory({ orderId, bonus, level }: { orderId: string; bonus?: string | undefined; level?: number | undefined }) {
  const { t } = useTranslation("portal");
  const { slug } = useCompany();
  const place = usePlace();
  const { data, error, refetch } = useQuery({ queryKey: ["story", slug, orderId], queryFn: () => readOrder(orderId) });
  if (error) return <Refused error={error} onAgain={() => void refetch()} />;
  if (data === undefined) return <Bone width={220} />;
  const earned = data.earned.filter(
    (each) => (bonus === undefined || each.bonus === bonus) && (level === undefined || each.level === level),
  );
  const when = momentOf(data.placed_at, place);
  const waiting = data.lines.filter(({ waits }) => waits);
  return (
    <>
      <p style={{ paddingBottom: 12 }}>{howSold(data, when, t)}</p>
      {earned.length === 0 && <p className="sub">{t("story.nothing")}</p>}
      {[...Map.groupBy(earned, (each) => `${each.bonus} ${each.level} ${each.currency}`)].map(([key, items]) => (
        <Earned key={key} told={data} items={items} />
      ))}
      {waiting.length > 0 && (
        <p className="note">{t("story.waits", { count: waiting.length, names: waiting.map(({ name }) => name).join(", ") })}</p>
      )}
      <Buttons about={{ order_id: orderId, name: data.name, ...(bonus && { bonus }) }} />
    </>
  );
}

type T = ReturnType<typeof useTranslation<"portal">>["t"];

function howSold(told: OrderTold, when: string, t: T): string {
  if (told.self_purchase) return t("story.ownOrder", { when });
  if (told.is_own_sale) return told.code === null ? t("story.customer", { when }) : t("story.code", { when, code: told.code });
  const who = told.sold_by?.name ?? told.sold_by?.distributor_id;
  return who === undefined ? t("story.elsewhere", { when }) : t("story.soldBy", { when, name: who });
}

function Earned({ told, items }: { told: OrderTold; items: OrderTold["earned"] }) {
  const { t, i18n } = useTranslation("portal");
  const tell = useTell();
  const [first] = items;
  if (first === undefined) return null;
  const reversed = sumOf(items.map((each) => each.reversed));
  const walked = new Map(
    items.flatMap(({ steps }) => steps).map((step) => [`${step.level} ${step.who?.distributor_id} ${step.text}`, step]),
  );
  const steps = items.map((each) => {
    const line = told.lines.find(({ line_id }) => line_id === each.line_id);
    return {
      name: line?.name ?? each.line_id,
      value: <Amount value={sumOf([each.amount, each.reversed])} />,
      why: (
        <>
          {line && netSentence(line, t, i18n.language)}
          <br />
          {tell(each.reason, each.explanation)}
        </>
      ),
    };
  });
  return (
    <div style={{ paddingBottom: 12 }}>
      <Steps
        steps={[
          ...steps,
          ...(isZero(reversed)
            ? []
            : [{ name: t("earnings.takenBack"), value: <Amount value={`-${reversed}`} />, why: t("story.returned") }]),
          {
            name: first.level > 0 ? t("earnings.level", { bonus: first.bonus_name, level: first.level }) : first.bonus_name,
            value: <Amount value={sumOf(items.map(({ amount }) => amount))} currency={first.currency} />,
            isSum: true,
          },
        ]}
      />
      {first.level > 0 && walked.size > 0 && (
        <details className="way">
          <summary>{t("story.way", { count: walked.size })}</summary>
          <ol>
            {[...walked].map(([key, step]) => (
              <li key={key}>
                <b>{step.is_me ? t("story.you") : (step.who?.name ?? step.who?.distributor_id ?? t("story.somebody"))}</b>
                <span className="second">{tell(step.reason, step.text)}</span>
              </li>
            ))}
          </ol>
        </details>
      )}
    </div>
  );
}

/** `78.00 − 7.80 discount − 11.21 tax = 58.99 net`. */
function netSentence(line: OrderTold["lines"][number], t: T, language: string): string {
  const said = (value: string) => formatDecimal(value, language);
  const discount = isZero(line.discount) ? "" : ` − ${said(line.discount)} ${t("story.discount")}`;
  const tax = isZero(line.included_tax) ? "" : ` − ${said(line.included_tax)} ${t("story.tax")}`;
  return discount === "" && tax === ""
    ? `${said(line.net)} ${t("story.net")}`
    : `${said(line.gross)}${discount}${tax} = ${said(line.net)} ${t("story.net")}`;
}

const readPeriod = (period_id: string) => answerOf(hub.portal.periods[":period_id"].$get({ param: { period_id } }));

function CloseStory({ periodId, bonus }: { periodId: string; bonus?: string | undefined }) {
  const { t } = useTranslation("portal");
  const { slug } = useCompany();
  const tell = useTell();
  const { data, error, refetch } = useQuery({ queryKey: ["close", slug, periodId], queryFn: () => readPeriod(periodId) });
  if (error) return <Refused error={error} onAgain={() => void refetch()} />;
  if (data === undefined) return <Bone width={220} />;
  return (
    <>
      <p style={{ paddingBottom: 12 }}>
        {tell(data.reasons?.activity, data.activity)}; {tell(data.reasons?.rank, data.rank)}
      </p>
      {data.bonuses
        .filter((each) => bonus === undefined || each.bonus === bonus)
        .map((each) => (
          <Fragment key={each.bonus}>
            <Steps
              steps={[
                ...told(tell, each.lines, each.reasons?.lines).map(({ key, text }) => ({ key, name: text, value: "" })),
                {
                  name: each.name,
                  value: <span className="amount">{tell(each.reasons?.amount, each.amount)}</span>,
                  isSum: true,
                },
              ]}
            />
            {each.not_paid.length > 0 && (
              <details className="way">
                <summary>{t("story.whyNot")}</summary>
                <ol>
                  {told(tell, each.not_paid, each.reasons?.not_paid).map(({ key, text }) => (
                    <li key={key}>{text}</li>
                  ))}
                </ol>
              </details>
            )}
          </Fragment>
        ))}
      <Buttons about={{ period_id: periodId, name: data.name, ...(bonus && { bonus }) }} />
    </>
  );
}

/** What can be done about an amount: ask. */
function Buttons({ about }: { about: { order_id?: string; period_id?: string; bonus?: string; name: string } }) {
  const { t } = useTranslation("portal");
  return (
    <p style={{ paddingTop: 12 }}>
      <Link to="/me/questions" search={{ ask: "new", ...about }} className="btn slim">
        {t("story.ask")}
      </Link>
    </p>
  );
}
