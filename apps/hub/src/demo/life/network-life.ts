import { Draw } from "../../fuzz/draw.ts";
import { type DemoDistributor, demoDistributors } from "../company.ts";
import type { Month } from "./months.ts";

/** Who joined and who moved in the demo's six months. */

const EACH_MONTH = 6;
const FIRST_NAMES = ["Emil", "Nora", "Jun", "Amara", "Luca", "Freya", "Diego", "Selma", "Ivo", "Talia", "Marek", "Yara"];
const LAST_NAMES = ["Lindqvist", "Okafor", "Petit", "Romano", "Wagner", "Yilmaz", "Garcia", "Horvat", "Brandt", "Nguyen"];
const JOINED_IN: readonly Month[] = ["2026-06", "2026-07", "2026-08", "2026-09", "2026-10", "2026-11"];

/** Enrolled in the course of the six months, the earliest first, most of them by somebody who sells much. */
export const LATER_DISTRIBUTORS: readonly DemoDistributor[] = joined();

function joined(): DemoDistributor[] {
  const draw = new Draw(77);
  const sponsors = demoDistributors().filter(({ status }, index) => status === "active" && index > 3 && index < 120);
  return JOINED_IN.flatMap((month, monthIndex) =>
    Array.from({ length: EACH_MONTH }, (_, place): DemoDistributor => {
      const index = monthIndex * EACH_MONTH + place;
      const sponsor = sponsors[Math.floor(sponsors.length * draw.number() ** 1.7)];
      return {
        line: place + 2,
        distributorId: `D${1301 + index}`,
        sponsorId: sponsor?.distributorId ?? null,
        name: `${FIRST_NAMES[index % FIRST_NAMES.length]} ${LAST_NAMES[index % LAST_NAMES.length]}`,
        status: "active",
        rank: null,
        country: draw.pick(["DE", "AT", "FR", "NL", "IT"]),
        codes: [],
        enrolledAt: `${month}-${String(2 + place * 4).padStart(2, "0")}T09:30:00.000Z`,
      };
    }),
  );
}

export const joinedIn = (month: Month): DemoDistributor[] =>
  LATER_DISTRIBUTORS.filter(({ enrolledAt }) => enrolledAt.startsWith(month));

export interface DemoMove {
  readonly month: Month;
  readonly from: Date;
  readonly distributorId: string;
  readonly sponsorId: string;
}

/** Of these nobody has anybody below, so that none can come to stand under themselves. */
export const MOVES: readonly DemoMove[] = [
  move("2026-07-08", "D1134", "D1008"),
  move("2026-08-15", "D1141", "D1004"),
  move("2026-08-20", "D1152", "D1011"),
  move("2026-09-03", "D1167", "D1019"),
  move("2026-10-12", "D1175", "D1006"),
  move("2026-11-09", "D1139", "D1010"),
];

function move(day: string, distributorId: string, sponsorId: string): DemoMove {
  return { month: day.slice(0, 7) as Month, from: new Date(`${day}T00:00:00Z`), distributorId, sponsorId };
}
