import { refused } from "../errors.ts";

/** The company's one colour: readable as text on white and on its own tint, and as a ground for white text (WCAG 2.2, 1.4.3). */

type Rgb = readonly [red: number, green: number, blue: number];

const WHITE: Rgb = [255, 255, 255];
/** What the pages draw in the dark. */
const DARK: Rgb = [0x14, 0x16, 0x18];
/** How much of the colour its tint has, behind what is chosen. */
const TINT = 0.1;
const LEAST_CONTRAST = 4.5;
const STEP = 0.04;

function readRgb(hex: string): Rgb | null {
  const found = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex);
  if (found === null) return null;
  const [red = 0, green = 0, blue = 0] = found.slice(1).map((part) => Number.parseInt(part, 16));
  return [red, green, blue];
}

const hexOf = (colour: Rgb): string => `#${colour.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;

const mixed = (colour: Rgb, other: Rgb, share: number): Rgb => {
  const [red, green, blue] = colour.map((part, index) => part * (1 - share) + (other[index] ?? 0) * share);
  return [red ?? 0, green ?? 0, blue ?? 0];
};

/** Relative luminance, as WCAG defines it. */
function luminance(colour: Rgb): number {
  const [red = 0, green = 0, blue = 0] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: Rgb, other: Rgb): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

/** The lowest contrast that a colour comes to on a ground and on its own tint of it. */
const contrastOn = (colour: Rgb, ground: Rgb): number => contrast(colour, mixed(ground, colour, TINT));

/** The nearest colour towards another that can be read on a ground. */
function readable(colour: Rgb, towards: Rgb, ground: Rgb): Rgb {
  for (let share = 0; share < 1; share += STEP) {
    const found = mixed(colour, towards, share).map(Math.round) as unknown as Rgb;
    if (contrastOn(found, ground) >= LEAST_CONTRAST) return found;
  }
  return towards;
}

/** An accent that can be read, in small letters. Throws HubError, which names a colour that could be. */
export function readAccent(text: string): string {
  const colour = readRgb(text.trim());
  if (colour === null) throw refused("accent", "write a colour as six hexadecimal digits, such as #0e5a70");
  const ratio = contrastOn(colour, WHITE);
  if (ratio >= LEAST_CONTRAST) return hexOf(colour);
  const nearest = hexOf(readable(colour, [0, 0, 0], WHITE));
  // Cut off, never rounded up to what is asked for.
  const reached = (Math.floor(ratio * 10) / 10).toFixed(1);
  throw refused(
    "accent",
    `is hard to read: text in it reaches ${reached}:1 where 4.5:1 is needed; ${nearest} is near it and would do`,
  );
}

/** The same colour as it is drawn on a dark ground: as much lighter as reading needs. */
export function darkAccent(accent: string): string {
  return hexOf(readable(readRgb(accent) ?? WHITE, WHITE, DARK));
}
