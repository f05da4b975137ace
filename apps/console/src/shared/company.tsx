import { createContext, type ReactNode, useContext } from "react";
import { useTranslation } from "react-i18next";
import type { Place } from "./moments.ts";

/** Whose pages these are, and who looks at them. */
export interface Company {
  readonly slug: string;
  readonly name: string;
  readonly zone: string;
  readonly person: string;
  readonly personId: string;
  readonly role: string;
  /** Other companies of the same person. */
  readonly others: readonly { readonly slug: string; readonly name: string }[];
  change(slug: string): void;
}

const Current = createContext<Company | null>(null);

export function useCompany(): Company {
  const company = useContext(Current);
  if (company === null) throw new Error("a page stands outside of its company");
  return company;
}

/** In which language and time zone moments are said. */
export function usePlace(): Place {
  const { i18n } = useTranslation();
  return { language: i18n.language, zone: useCompany().zone };
}

export function CompanyProvider({ company, children }: { company: Company; children: ReactNode }) {
  return <Current value={company}>{children}</Current>;
}
