import type { commonWords as english } from "./common-en.ts";
import type { Words } from "./shape.ts";

export const commonWords: Words<typeof english> = {
  again: "Noch einmal versuchen",
  loading: "Wird gelesen…",
  more: "Mehr zeigen",
  working: "Läuft…",
  close: "Schließen",
  cancel: "Lassen",
};
