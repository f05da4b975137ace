import { refused } from "../errors.ts";

const BEGINNINGS = [
  ["image/png", /^89504e470d0a1a0a/],
  ["image/jpeg", /^ffd8ff/],
  ["image/webp", /^52494646.{8}57454250/],
] as const;
export type PictureType = (typeof BEGINNINGS)[number][0];

const NAMES: Readonly<Record<PictureType, string>> = { "image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WebP" };

/** What a picture may be. */
export interface PictureRule<Type extends PictureType> {
  /** The field it comes in. */
  readonly field: string;
  readonly types: readonly Type[];
  readonly mostBytes: number;
  /** As people say that bound. */
  readonly most: string;
}

/** A picture in base64. What it is, is told by its bytes and not by its name. Throws HubError. */
export function readPictureBytes<Type extends PictureType>(
  text: string,
  { field, types, mostBytes, most }: PictureRule<Type>,
): { bytes: Buffer; type: Type } {
  const bytes = Buffer.from(text.replace(/^data:[^,]*,/, ""), "base64");
  const beginning = bytes.subarray(0, 12).toString("hex");
  const [found] = BEGINNINGS.find(([, begins]) => begins.test(beginning)) ?? [];
  const type = types.find((one) => one === found);
  if (type === undefined) throw refused(field, `send a ${types.map((one) => NAMES[one]).join(" or ")} picture in base64`);
  if (bytes.length > mostBytes) throw refused(field, `has more than ${most}: make it smaller`);
  return { bytes, type };
}
