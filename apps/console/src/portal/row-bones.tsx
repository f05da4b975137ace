import { Bone } from "../design/parts.tsx";

/** Rows that are on their way, as high as they will be: what stands below does not move when they come. */
export function RowBones({ count }: { count: number }) {
  return (
    <ul className="rows" aria-busy="true">
      {Array.from({ length: count }, (_, index) => `row ${index}`).map((key, index) => (
        <li key={key}>
          <span>
            <Bone width={120 + 40 * (index % 3)} />
            <span className="second">
              <Bone width={180} />
            </span>
          </span>
          <Bone width={56} />
        </li>
      ))}
    </ul>
  );
}
