import { useTranslation } from "react-i18next";
import { Count } from "../../design/amount.tsx";
import { Moment } from "../../design/moment.tsx";
import { Door, Section } from "../../design/page.tsx";
import { Scrolled } from "../../design/scrolled.tsx";
import { Status } from "../../design/shapes.tsx";
import { sumOf } from "../../shared/money.ts";
import { useTell } from "../../shared/reasons.ts";
import { type Compared, Deltas, type Health, type Store } from "./store-card.tsx";

/** What came of asking each shop the last time, and what all of them sum to. */
export function StoresCompared({ stores, health }: { stores: readonly Store[]; health: readonly Health[] }) {
  const { t } = useTranslation();
  const rows = health.flatMap(({ store_id: id, last_reconciliation: last }) => {
    const store = stores.find((one) => one.store_id === id);
    return store === undefined || last === null ? [] : [{ store, last }];
  });
  if (rows.length === 0) return null;
  const summed = (of: (last: Compared) => number) => rows.reduce((sum, { last }) => sum + of(last), 0);
  return (
    <Section title={t("stores.comparedTitle")} aside={t("stores.comparedAside")}>
      <Scrolled label={t("stores.comparedTitle")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("store")}</th>
              <th scope="col">{t("stores.askedAt")}</th>
              <th scope="col" className="num">
                {t("orders.title")}
              </th>
              <th scope="col" className="num">
                {t("stores.missed")}
              </th>
              <th scope="col" className="num">
                {t("stores.missedNet")}
              </th>
              <th scope="col" className="num">
                {t("stores.difference")}
              </th>
              <th scope="col">{t("stores.result")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ store, last }) => (
              <tr key={store.store_id}>
                <td>
                  <Door to="/orders" search={{ store: store.store_id }}>
                    {store.name}
                  </Door>
                </td>
                <td>
                  <Moment at={last.finished_at} />
                </td>
                <td className="num">
                  <Count value={last.checked} />
                </td>
                <td className="num">
                  <Count value={last.healed} />
                </td>
                <td className="num">
                  <Deltas of={last.missed} />
                </td>
                <td className="num">
                  <Deltas of={last.delta} />
                </td>
                <td>
                  <Result last={last} />
                </td>
              </tr>
            ))}
            <tr className="total">
              <td>{t("stores.sum", { count: rows.length })}</td>
              <td />
              <td className="num">
                <Count value={summed(({ checked }) => checked)} />
              </td>
              <td className="num">
                <Count value={summed(({ healed }) => healed)} />
              </td>
              <td className="num">
                <Deltas of={byCurrency(rows.map(({ last }) => last.missed))} />
              </td>
              <td className="num">
                <Deltas of={byCurrency(rows.map(({ last }) => last.delta))} />
              </td>
              <td />
            </tr>
          </tbody>
        </table>
      </Scrolled>
    </Section>
  );
}

function Result({ last }: { last: Compared }) {
  const { t } = useTranslation();
  const tell = useTell();
  if (last.outcome === "failed")
    return (
      <>
        <Status is="bad">{t("stores.failed")}</Status>
        <span className="second">{last.error}</span>
      </>
    );
  if (last.discrepancies.length === 0) return <Status is="good">{t("stores.same")}</Status>;
  return (
    <>
      <Status is="warn">{t("stores.differ", { count: last.discrepancies.length })}</Status>
      {last.discrepancies.slice(0, 3).map(({ platform_order_id: order, problem, reason }) => (
        <span key={order} className="second">
          {order}: {tell(reason, problem)}
        </span>
      ))}
    </>
  );
}

/** Amounts of different currencies are never summed. */
function byCurrency(all: readonly Readonly<Record<string, string>>[]): Readonly<Record<string, string>> {
  const entries = all.flatMap((one) => Object.entries(one));
  return Object.fromEntries(
    [...Map.groupBy(entries, ([currency]) => currency)].map(([currency, of]) => [
      currency,
      sumOf(of.map(([, amount]) => amount)),
    ]),
  );
}
