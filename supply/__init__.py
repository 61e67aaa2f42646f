"""Lists what Parlor is built from: locked versions, lists of them, and known vulnerabilities."""
