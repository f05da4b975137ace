/** The languages of the screens; Shopify names the merchant's in the `locale` of each address. */
export type Locale = "en" | "de";

/** English for every language that the screens do not speak. */
export function localeOf(url: string): Locale {
  const asked = new URL(url).searchParams.get("locale")?.toLowerCase() ?? "";
  return asked.startsWith("de") ? "de" : "en";
}
