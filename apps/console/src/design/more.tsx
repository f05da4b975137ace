import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

/** What comes page by page. */
export interface MoreToCome {
  readonly hasMore?: boolean;
  readonly isFetchingMore?: boolean;
  fetchMore?(): void;
}

/** The next page comes when the end is near, and by a button, so that the keyboard reaches it. */
export function More({ source }: { source: MoreToCome }) {
  const { t } = useTranslation();
  const end = useRef<HTMLDivElement>(null);
  const { hasMore = false, isFetchingMore = false, fetchMore } = source;
  useEffect(() => {
    if (!hasMore || !end.current || !fetchMore) return;
    const watcher = new IntersectionObserver(([entry]) => entry?.isIntersecting && fetchMore(), { rootMargin: "600px" });
    watcher.observe(end.current);
    return () => watcher.disconnect();
  }, [hasMore, fetchMore]);
  if (!hasMore) return null;
  return (
    <div ref={end} className="more">
      <button type="button" className="btn quiet" disabled={isFetchingMore} onClick={() => fetchMore?.()}>
        {isFetchingMore ? t("loading") : t("more")}
      </button>
    </div>
  );
}
