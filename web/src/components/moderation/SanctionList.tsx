import { useTranslation } from "react-i18next";
import { useSanctions } from "../../hooks";
import { Pages } from "./Pages";
import { SanctionRow } from "./SanctionRow";

/** The sanctions that hold now, or those that people object to. */
export function SanctionList({ state }: { state: "active" | "objected" }) {
  const { t } = useTranslation();
  const { pages, error, hasMore, loadMore } = useSanctions(state);
  const items = pages?.flatMap((page) => page.items) ?? [];
  return (
    <Pages
      label={t(`moderation.tabs.${state}`)}
      isEmpty={items.length === 0}
      isLoading={!pages}
      error={error}
      hasMore={hasMore}
      onMore={loadMore}
    >
      {items.map((sanction) => (
        <SanctionRow key={sanction.id} sanction={sanction} />
      ))}
    </Pages>
  );
}
