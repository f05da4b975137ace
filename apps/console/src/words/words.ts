import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type { en as portal } from "../portal/words/en.ts";
import type { en } from "./en.ts";

/**
 * i18next with one typed object for each language: German lacks no word because it would not compile, and there is no step that
 * gathers texts, as Lingui's macros need one that the bundler's own compiler does not run.
 */
export const LANGUAGES = { en: "English", de: "Deutsch" } as const;
export type Language = keyof typeof LANGUAGES;

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "words";
    resources: { words: typeof en; portal: typeof portal };
  }
}

const CHOSEN = "upline-language";

/** The texts of an entry: its English, which comes with it, and its German, which comes when it is chosen. */
export interface EntryWords {
  readonly en: object;
  readonly de: () => Promise<object>;
}
/** By name: `words` are the console's, or what the portal shares of them; `portal` are the portal's own. */
type AllWords = { readonly words: EntryWords; readonly portal?: EntryWords };
let all: AllWords;

/** The language that was chosen here before, or the browser's first that there is. */
export async function startWords(given: AllWords): Promise<void> {
  all = given;
  const wanted = [localStorage.getItem(CHOSEN), ...navigator.languages].map((one) => one?.slice(0, 2));
  const language = wanted.find((one): one is Language => one !== undefined && Object.hasOwn(LANGUAGES, one)) ?? "en";
  await i18next.use(initReactI18next).init({
    lng: "en",
    fallbackLng: "en",
    defaultNS: "words",
    resources: { en: Object.fromEntries(Object.entries(all).map(([name, words]) => [name, words.en])) },
    interpolation: { escapeValue: false },
  });
  await chooseLanguage(language);
}

export async function chooseLanguage(language: Language): Promise<void> {
  if (language === "de" && !i18next.hasResourceBundle("de", "words"))
    for (const [name, words] of Object.entries(all)) i18next.addResourceBundle("de", name, await words.de());
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  localStorage.setItem(CHOSEN, language);
}
