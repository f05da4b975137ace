import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type { en as portal } from "../portal/words/en.ts";
import { en } from "./en.ts";

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

/** Texts of another entry than the console, which come beside the ones that all share. */
export interface MoreWords {
  readonly name: "portal";
  readonly en: object;
  readonly de: () => Promise<object>;
}
let more: MoreWords | null = null;

/** The language that was chosen here before, or the browser's first that there is. */
export async function startWords(besides: MoreWords | null = null): Promise<void> {
  more = besides;
  const wanted = [localStorage.getItem(CHOSEN), ...navigator.languages].map((one) => one?.slice(0, 2));
  const language = wanted.find((one): one is Language => one !== undefined && Object.hasOwn(LANGUAGES, one)) ?? "en";
  await i18next.use(initReactI18next).init({
    lng: "en",
    fallbackLng: "en",
    defaultNS: "words",
    resources: { en: { words: en, ...(more && { [more.name]: more.en }) } },
    interpolation: { escapeValue: false },
  });
  await chooseLanguage(language);
}

export async function chooseLanguage(language: Language): Promise<void> {
  if (language === "de" && !i18next.hasResourceBundle("de", "words")) {
    const { de } = await import("./de.ts");
    i18next.addResourceBundle("de", "words", de);
    if (more !== null) i18next.addResourceBundle("de", more.name, await more.de());
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  localStorage.setItem(CHOSEN, language);
}
