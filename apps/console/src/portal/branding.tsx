import { createContext, useContext } from "react";

/** How the company shows itself, as the hub answers it. */
export interface Branding {
  readonly name: string;
  readonly accent: { readonly light: string; readonly dark: string } | null;
  readonly support: string | null;
  readonly logo: string | null;
}

const Current = createContext<Branding | null>(null);
export const Worn = Current.Provider;

export function useBranding(): Branding {
  const branding = useContext(Current);
  if (branding === null) throw new Error("a page stands outside of its company");
  return branding;
}

/** Draws the page in the company's colour; null is the product's own. The style sheet makes the rest of the two. */
export function wear(accent: Branding["accent"]): void {
  const { style, dataset } = document.documentElement;
  if (accent === null) {
    delete dataset.brand;
    return;
  }
  style.setProperty("--brand-light", accent.light);
  style.setProperty("--brand-dark", accent.dark);
  dataset.brand = "";
}

/** The company's logo, or the first letter of its name; its name stands beside it. */
export function Mark({ name, logo }: { name: string; logo: string | null }) {
  return logo === null ? (
    <span className="mark" aria-hidden="true">
      {name.slice(0, 1)}
    </span>
  ) : (
    <img className="logo" src={logo} alt="" />
  );
}
