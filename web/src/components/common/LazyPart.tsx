import { Button, Loader } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { withRetries } from "../../core/lazy-load";
import classes from "./LazyPart.module.css";

interface Props<P extends object> {
  /** Must be the same function at every render. */
  load(): Promise<React.ComponentType<P>>;
  props: P;
}

/**
 * A component whose code is loaded when it is first shown. Says that it loads; if that fails, says so and offers to
 * reload the page, because some browsers never fetch a failed module again.
 */
export function LazyPart<P extends object>({ load, props }: Props<P>) {
  const { t } = useTranslation();
  const [Part, setPart] = useState<React.ComponentType<P> | null>(null);
  const [hasFailed, setHasFailed] = useState(false);
  useEffect(() => {
    let isShown = true;
    withRetries(load).then(
      (loaded) => isShown && setPart(() => loaded),
      () => isShown && setHasFailed(true),
    );
    return () => {
      isShown = false;
    };
  }, [load]);
  if (Part) return <Part {...props} />;
  return (
    <div role="status" className={classes.status}>
      {hasFailed ? t("app.partFailed") : t("app.loading")}
      {hasFailed ? (
        <Button variant="light" onClick={() => window.location.reload()}>
          {t("app.reload")}
        </Button>
      ) : (
        <Loader size="sm" aria-hidden="true" />
      )}
    </div>
  );
}
