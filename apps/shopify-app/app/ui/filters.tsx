import { Link } from "../framework/client.ts";
import { useAddress } from "./address.ts";

export interface Filter {
  readonly key: string;
  readonly name: string;
  readonly to: string;
}

/** Views of one list, of which one is shown. */
export function Filters({
  label,
  filters,
  chosen,
}: {
  readonly label: string;
  readonly filters: readonly Filter[];
  readonly chosen: string;
}) {
  const address = useAddress();
  return (
    <nav className="up-filters" aria-label={label}>
      {filters.map(({ key, name, to }) => (
        <Link key={key} to={address(to)} aria-current={key === chosen ? "page" : undefined} prefetch="intent">
          {name}
        </Link>
      ))}
    </nav>
  );
}
