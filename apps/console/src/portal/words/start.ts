import { commonWords } from "../../words/common-en.ts";
import { startWords } from "../../words/words.ts";
import { en } from "./en.ts";

/** The portal's texts beside those that it shares with the console. */
export const startPortalWords = () =>
  startWords({
    words: { en: commonWords, de: async () => (await import("../../words/common-de.ts")).commonWords },
    portal: { en, de: async () => (await import("./de.ts")).de },
  });
