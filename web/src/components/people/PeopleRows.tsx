import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { PeopleHook } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import type { ListedUser } from "../../protocol";
import { FormError } from "../common/form-errors";
import { PageLoader } from "../common/PageLoader";
import { PersonAvatar } from "../common/PersonAvatar";
import classes from "./People.module.css";

interface Props {
  label: string;
  /** Says that nobody is in the list. */
  empty: string;
  list: PeopleHook;
  /** Below the name. */
  note?: (person: ListedUser) => React.ReactNode;
  onOpen?: (person: ListedUser) => void;
  /** The actions of a row. */
  children: (person: ListedUser) => React.ReactNode;
}

/** A list of people, page by page. */
export function PeopleRows({ label, empty, list, note, onOpen, children }: Props) {
  const { t } = useTranslation();
  if (list.error) return <FormError>{errorText(t, list.error)}</FormError>;
  if (list.isLoading) return <PageLoader />;
  if (list.people.length === 0) return <p className={classes.empty}>{empty}</p>;
  return (
    <>
      <ul className={classes.rows} aria-label={label}>
        {list.people.map((person) => (
          <li key={person.id} className={classes.row}>
            <PersonAvatar person={person} size={44} />
            <span className={classes.what}>
              {onOpen ? (
                <button type="button" className={classes.name} dir="auto" onClick={() => onOpen(person)}>
                  {person.name}
                </button>
              ) : (
                <strong className={classes.name} dir="auto">
                  {person.name}
                </strong>
              )}
              {note && <span className={classes.note}>{note(person)}</span>}
            </span>
            <span className={classes.actions}>{children(person)}</span>
          </li>
        ))}
      </ul>
      {list.hasMore && (
        <Button variant="default" mt="sm" onClick={list.loadMore}>
          {t("people.more")}
        </Button>
      )}
    </>
  );
}
