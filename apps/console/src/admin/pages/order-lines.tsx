import { useTranslation } from "react-i18next";
import { Amount, Less, Nothing } from "../../design/amount.tsx";
import { Door, Section } from "../../design/page.tsx";
import { Scrolled } from "../../design/scrolled.tsx";
import { Status } from "../../design/shapes.tsx";
import { sumOf } from "../../shared/money.ts";
import type { OrderDetail } from "./order-query.ts";

/** What was sold, line by line, and how the net of each came to be; the last row is the sum. */
export function OrderLines({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const { lines, currency } = order;
  const sum = (of: (line: OrderDetail["lines"][number]) => string) => <Amount value={sumOf(lines.map(of))} />;
  const less = (of: (line: OrderDetail["lines"][number]) => string) => <Less value={sumOf(lines.map(of))} />;
  return (
    <Section first title={t("orderPage.lines")} aside={t("amountsIn", { currency })}>
      <Scrolled label={t("orderPage.lines")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("orderPage.line")}</th>
              <th scope="col" className="num">
                {t("orderPage.price")}
              </th>
              <th scope="col" className="num">
                {t("orderPage.discount")}
              </th>
              <th scope="col" className="num">
                {t("orderPage.taxIn")}
              </th>
              <th scope="col" className="num">
                {t("net")}
              </th>
              <th scope="col" className="num">
                {t("refunded")}
              </th>
              <th scope="col" style={{ paddingLeft: 24 }}>
                {t("orderPage.class")}
              </th>
              <th scope="col" className="num">
                CV
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={line.line_id}>
                <td>
                  {line.name}
                  <span className="second">
                    {line.platform_sku ?? line.variant_id ?? t("orderPage.noSku")} · {line.qty} ×
                  </span>
                </td>
                <td className="num">
                  <Amount value={line.gross} />
                </td>
                <td className="num">
                  <Less value={line.discount} />
                </td>
                <td className="num">
                  <Less value={line.included_tax} />
                </td>
                <td className="num">
                  <Amount value={line.net} />
                </td>
                <td className="num">
                  <Less value={line.refunded_net} />
                </td>
                <td style={{ paddingLeft: 24 }}>
                  {line.mapping ? (
                    <>
                      {line.mapping.commission_class}
                      <span className="second">{line.mapping.sku_id}</span>
                    </>
                  ) : line.quarantined ? (
                    <Door shown to="/skus">
                      <Status is="warn">{t("orderPage.unmapped")}</Status>
                    </Door>
                  ) : (
                    <Nothing />
                  )}
                </td>
                <td className="num">{line.mapping ? <Amount value={line.mapping.cv} /> : <Nothing />}</td>
              </tr>
            ))}
            <tr className="total">
              <td>{t("orderPage.countedLines", { count: lines.length })}</td>
              <td className="num">{sum((line) => line.gross)}</td>
              <td className="num">{less((line) => line.discount)}</td>
              <td className="num">{less((line) => line.included_tax)}</td>
              <td className="num">{sum((line) => line.net)}</td>
              <td className="num">{less((line) => line.refunded_net)}</td>
              <td />
              <td className="num">{sum((line) => line.mapping?.cv ?? "0")}</td>
            </tr>
          </tbody>
        </table>
      </Scrolled>
    </Section>
  );
}
