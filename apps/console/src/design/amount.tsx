import { useTranslation } from "react-i18next";
import { formatDecimal, isZero, negated } from "../shared/money.ts";

/** An amount with its currency, which stands once: here, or in the head of its column. */
export function Amount({ value, currency }: { value: string; currency?: string | null }) {
  const { i18n } = useTranslation();
  return (
    <span className="amount">
      {formatDecimal(value, i18n.language)}
      {currency && <span className="cur">{currency}</span>}
    </span>
  );
}

/** What is taken away: with a minus; a dash where nothing is. */
export function Less({ value }: { value: string }) {
  return isZero(value) ? <Nothing /> : <Amount value={negated(value)} />;
}

/** Nothing is due, or nothing is known; a counted zero is written as zero. */
export function Nothing() {
  return <span className="note">–</span>;
}

/** A count of things: grouped. */
export function Count({ value }: { value: number }) {
  const { i18n } = useTranslation();
  return <>{formatDecimal(String(value), i18n.language)}</>;
}
