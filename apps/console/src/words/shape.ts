import type { en } from "./en.ts";

type Tree = { readonly [name: string]: string | Tree };
/** The same keys in another language. */
export type Words<T = typeof en> = { readonly [Name in keyof T]: T[Name] extends string ? string : Words<T[Name]> };
type Keys<T extends Tree, Path extends string = ""> = {
  [Name in keyof T & string]: T[Name] extends string
    ? `${Path}${Name}`
    : T[Name] extends Tree
      ? Keys<T[Name], `${Path}${Name}.`>
      : never;
}[keyof T & string];
export type WordKey = Keys<typeof en>;
