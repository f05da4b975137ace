/** "0.05" as "5%", exact. */
export function percent(rate: string | undefined): string {
  return rate === undefined ? "" : `${percentUnits(rate)}%`;
}

/** "0.0525" as "5.25", exact. */
export function percentUnits(rate: string): string {
  const [whole = "0", fraction = ""] = rate.split(".");
  const digits = fraction.padEnd(2, "0");
  const units = `${whole}${digits.slice(0, 2)}`.replace(/^0+(?=\d)/, "");
  const rest = digits.slice(2).replace(/0+$/, "");
  return rest === "" ? units : `${units}.${rest}`;
}
