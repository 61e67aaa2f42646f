import { Link } from "react-router";
import classes from "./Logo.module.css";

export function Logo() {
  return (
    <Link to="/" className={classes.logo}>
      <img src="/icon.svg" alt="" width={36} height={36} />
      <span className={classes.word}>Parlor</span>
    </Link>
  );
}
