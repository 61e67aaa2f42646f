import { useTranslation } from "react-i18next";
import type { Helpline } from "../../protocol";
import classes from "./Helplines.module.css";

/** People to call, under an answer to somebody who suffers: to read, to tap, and to look up. */
export function Helplines({ lines }: { lines: Helpline[] }) {
  const { t } = useTranslation();
  return (
    <aside className={classes.help} aria-label={t("tutor.helplines")}>
      <strong>{t("tutor.helplines")}</strong>
      <ul className={classes.list}>
        {lines.map((line) => (
          <li key={`${line.name}/${line.phone}`}>
            <a href={line.url} target="_blank" rel="noreferrer noopener">
              {line.name}
            </a>
            {line.phone && (
              <>
                {": "}
                <a href={`tel:${line.phone.replace(/[^0-9+*#]/g, "")}`}>{line.phone}</a>
              </>
            )}
          </li>
        ))}
      </ul>
    </aside>
  );
}
