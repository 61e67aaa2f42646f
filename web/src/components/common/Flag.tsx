import { useNames } from "../../i18n/names";
import classes from "./Flag.module.css";
import { FLAGS } from "./flags";

interface Props {
  country: string;
  /** The country's name stands beside the flag already. */
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
