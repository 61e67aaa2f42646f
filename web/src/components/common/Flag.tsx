import { useNames } from "../../i18n/names";
import classes from "./Flag.module.css";

/** URL of each country's flag. Emoji flags do not render on Windows. */
const files = import.meta.glob<string>("/node_modules/country-flag-icons/3x2/??.svg", {
  eager: true,
  query: "?url&no-inline",
  import: "default",
});

export const FLAGS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(files).map(([path, url]) => [path.slice(-6, -4), url]),
);

/** Codes in the flag set that ISO 3166-1 does not assign to a country. */
const NOT_COUNTRIES = new Set(["AC", "EU", "IC", "TA", "XA", "XC", "XO"]);

export const COUNTRIES: readonly string[] = Object.keys(FLAGS).filter((code) => !NOT_COUNTRIES.has(code));

interface Props {
  country: string;
  /** The name of the country is shown beside the flag. */
  decorative?: boolean;
}

export function Flag({ country, decorative = false }: Props) {
  const names = useNames();
  const file = FLAGS[country];
  if (!file) return null;
  const name = decorative ? "" : names.country(country);
  return (
    <img
      className={classes.flag}
      src={file}
      alt={name}
      title={name || undefined}
      loading="lazy"
      width={18}
      height={12}
    />
  );
}
