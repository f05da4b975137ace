import { useTranslation } from "react-i18next";
import { Amount, Less } from "../../design/amount.tsx";
import { Door, Section } from "../../design/page.tsx";
import { Callout } from "../../design/parts.tsx";
import { Scrolled } from "../../design/scrolled.tsx";
import { differenceOf, sayPercent, sumOf } from "../../shared/money.ts";
import { useTell } from "../../shared/reasons.ts";
import type { OrderDetail } from "./order-query.ts";

/** Why nobody is paid, and what to do about it; nothing where somebody is. */
function WhyNothing({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const tell = useTell();
  const { earns_nothing_because: because } = order;
  if (because === null) return null;
  return (
    <Callout is="accent">
      {order.stage === "pending" ? t("commissions.pending") : `${t("commissions.nothing")} ${tell(because.reason, because.why)}.`}
    </Callout>
  );
}

type Commission = OrderDetail["commissions"][number];

/** From so many lines on, a column for each would be too much to read. */
const LINES_SIDE_BY_SIDE = 4;

/** Who earned what on which line; every amount opens how it came about. What nobody qualified for is one row. */
export function OrderCommissions({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const { commissions } = order;
  if (commissions.length === 0)
    return (
      <Section title={t("commissions.title")}>
        <WhyNothing order={order} />
      </Section>
    );
  const currency = commissions[0]?.currency ?? order.currency;
  const people = commissions.filter((one) => one.distributor_id !== null);
  const company = commissions.filter((one) => one.distributor_id === null);
  const groups = [...Map.groupBy(people, (one) => `${one.distributor_id} ${one.bonus} ${one.level}`).values()];
  const lines = order.lines.filter(({ line_id: id }) => commissions.some((one) => one.line_id === id));
  const isWide = lines.length <= LINES_SIDE_BY_SIDE;
  return (
    <Section title={t("commissions.title")} aside={t("amountsIn", { currency })}>
      <WhyNothing order={order} />
      <Scrolled label={t("commissions.title")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("distributor")}</th>
              <th scope="col">{t("commissions.for")}</th>
              {isWide &&
                lines.map((line) => (
                  <th key={line.line_id} scope="col" className="num" title={line.name}>
                    {t("commissions.line", { number: order.lines.indexOf(line) + 1 })}
                  </th>
                ))}
              <th scope="col" className="num">
                {t("commissions.first")}
              </th>
              <th scope="col" className="num">
                {t("commissions.takenBack")}
              </th>
              <th scope="col" className="num">
                {t("commissions.stands")}
              </th>
            </tr>
          </thead>
          <tbody>
            {groups.map((group) => (
              <Row key={group[0]?.entry} group={group} columns={isWide ? lines.map((line) => line.line_id) : []} />
            ))}
            {company.length > 0 && (
              <tr className="soft">
                <td colSpan={2}>
                  {t("commissions.company")}
                  <span className="second">{t("commissions.companyWhy")}</span>
                </td>
                {isWide &&
                  lines.map(({ line_id: id }) => (
                    <td key={id} className="num">
                      <Amount value={sumOf(company.filter((one) => one.line_id === id).map((one) => one.original))} />
                    </td>
                  ))}
                <Sums entries={company} />
              </tr>
            )}
            <tr className="total">
              <td colSpan={2}>{t("commissions.people", { count: new Set(people.map((one) => one.distributor_id)).size })}</td>
              {isWide &&
                lines.map(({ line_id: id }) => (
                  <td key={id} className="num">
                    <Amount value={sumOf(commissions.filter((one) => one.line_id === id).map((one) => one.original))} />
                  </td>
                ))}
              <Sums entries={commissions} />
            </tr>
          </tbody>
        </table>
      </Scrolled>
    </Section>
  );
}

function Row({ group, columns }: { group: readonly Commission[]; columns: readonly (string | null)[] }) {
  const { t, i18n } = useTranslation();
  const [first] = group;
  if (first === undefined) return null;
  const { distributor_id: id, order_id: orderId, bonus, level, rate } = first;
  const rates = new Set(group.map((one) => one.rate));
  const cell = (entries: readonly Commission[]) =>
    entries.map((one) => (
      <Door key={one.entry} shown to="/orders/$orderId/$entry" params={{ orderId, entry: one.entry }}>
        <Amount value={one.original} />
      </Door>
    ));
  return (
    <tr>
      <td>
        <Door to="/network" search={{ chosen: id ?? undefined }}>
          {id}
        </Door>
      </td>
      <td>
        {level > 0 ? t("commissions.level", { bonus, level }) : bonus}
        <span className="second">
          {rates.size === 1 && rate !== null ? t("commissions.rate", { rate: percent(rate, i18n.language) }) : ""}
        </span>
      </td>
      {columns.map((line) => (
        <td key={line} className="num">
          {cell(group.filter((one) => one.line_id === line))}
        </td>
      ))}
      <Sums entries={group} isDoor={columns.length === 0} />
    </tr>
  );
}

function Sums({ entries, isDoor = false }: { entries: readonly Commission[]; isDoor?: boolean }) {
  const original = sumOf(entries.map((one) => one.original));
  const stands = sumOf(entries.map((one) => one.amount));
  const [first] = entries;
  return (
    <>
      <td className="num">
        {isDoor && first ? (
          <Door shown to="/orders/$orderId/$entry" params={{ orderId: first.order_id, entry: first.entry }}>
            <Amount value={original} />
          </Door>
        ) : (
          <Amount value={original} />
        )}
      </td>
      <td className="num">
        <Less value={differenceOf(original, stands)} />
      </td>
      <td className="num">
        <b>
          <Amount value={stands} />
        </b>
      </td>
    </>
  );
}

/** `0.05` → `5%`, `0.0525` → `5,25 %` in German, without losing a digit. */
export function percent(rate: string, language: string): string {
  const [whole = "0", fraction = ""] = rate.split(".");
  const digits = fraction.padEnd(2, "0");
  const shifted = `${BigInt(whole + digits.slice(0, 2))}`;
  const rest = digits.slice(2).replace(/0+$/, "");
  return sayPercent(`${shifted}${rest === "" ? "" : `.${rest}`}`, language);
}
