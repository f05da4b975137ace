/** Texts of parts that console and portal share: the portal loads no others of the console's. */
export const commonWords = {
  again: "Try again",
  loading: "Reading…",
  more: "Show more",
  working: "Working…",
  close: "Close",
  cancel: "Leave it",
};
