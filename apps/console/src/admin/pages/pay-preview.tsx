import type { BodyOf } from "@upline/hub/client";
import { useTranslation } from "react-i18next";
import { Amount } from "../../design/amount.tsx";
import { Door } from "../../design/page.tsx";
import { Bone, Defs } from "../../design/parts.tsx";
import { Status } from "../../design/shapes.tsx";
import type { hub } from "../../shared/hub.ts";
import { isZero } from "../../shared/money.ts";

type Answer = BodyOf<Awaited<ReturnType<(typeof hub)["sku-map"]["preview"]["$post"]>>>;
export type Pay = Answer["pay"];

/** As many people as are read at a glance; the others are opened. */
const SHOWN = 5;

/** What would be paid and taken back: by bonus, in sum, and to whom. */
export function PayPreview({ pay }: { pay: Pay | undefined }) {
  const { t } = useTranslation();
  if (pay === undefined) return <PayBones />;
  return (
    <>
      <Defs
        rows={[
          ...pay.bonuses.map(({ bonus_id: id, currency, amount, people }) => ({
            name: t("pay.bonus", { bonus: id, count: people }),
            value: <Amount value={amount} currency={currency} />,
          })),
          ...(pay.sums.length === 0
            ? [{ name: t("pay.sum"), value: <Amount value="0.00" />, isTotal: true }]
            : pay.sums.map(({ currency, amount }) => ({
                name: t("pay.sum"),
                value: <Amount value={amount} currency={currency} />,
                isTotal: true,
              }))),
          ...pay.breakage
            .filter(({ amount }) => !isZero(amount))
            .map(({ currency, amount }) => ({
              name: <span className="note">{t("pay.breakage")}</span>,
              value: (
                <span className="note">
                  <Amount value={amount} currency={currency} />
                </span>
              ),
            })),
        ]}
      />
      <ul className="said">
        {pay.orders > 0 && pay.closed === 0 && (
          <li>
            <Status is="good">{t("pay.open", { count: pay.orders })}</Status>
          </li>
        )}
        {pay.closed > 0 && (
          <li>
            <Status is="warn">{t("pay.closed", { count: pay.closed })}</Status>
          </li>
        )}
        {pay.unattributed > 0 && (
          <li>
            <Status is="warn">{t("pay.nobody", { count: pay.unattributed })}</Status>
          </li>
        )}
        {pay.still_waiting > 0 && (
          <li>
            <Status is="open">{t("pay.waits", { count: pay.still_waiting })}</Status>
          </li>
        )}
      </ul>
      <People people={pay.distributors} more={pay.more} />
    </>
  );
}

function People({ people, more }: { people: Pay["distributors"]; more: Pay["more"] }) {
  const { t } = useTranslation();
  if (people.length === 0) return null;
  const rest = people.slice(SHOWN);
  return (
    <>
      <Differences people={people.slice(0, SHOWN)} />
      {rest.length > 0 && (
        <details>
          <summary>{t("pay.others", { count: rest.length })}</summary>
          <Differences people={rest} />
          {more.map(({ currency, amount, people: count }) => (
            <p key={currency} className="note">
              {t("pay.more", { count })} <Amount value={amount} currency={currency} />
            </p>
          ))}
        </details>
      )}
    </>
  );
}

/** Who loses and who gets what: what they have of it now, and what they would have. */
function Differences({ people }: { people: Pay["distributors"] }) {
  const { t } = useTranslation();
  return (
    <ul className="differences">
      {people.map(({ distributor_id: id, name, currency, before, after, difference }) => (
        <li key={`${id} ${currency}`}>
          <span>
            <Door to="/network" search={{ chosen: id }}>
              {name ?? id}
            </Door>
            <span className="second">
              {t("pay.from")} <Amount value={before} /> → <Amount value={after} />
            </span>
          </span>
          <span className="num">
            {difference.startsWith("-") ? "" : "+"}
            <Amount value={difference} currency={currency} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function PayBones() {
  return (
    <Defs
      rows={[
        { name: <Bone width={140} />, value: <Bone width={64} /> },
        { name: <Bone width={110} />, value: <Bone width={64} /> },
      ]}
    />
  );
}
