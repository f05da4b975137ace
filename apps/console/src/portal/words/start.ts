import { startWords } from "../../words/words.ts";
import { en } from "./en.ts";

/** The portal's texts beside those that it shares with the console. */
export const startPortalWords = () => startWords({ name: "portal", en, de: async () => (await import("./de.ts")).de });
