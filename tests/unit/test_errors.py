"""The error tree in the docstring of `server.errors`, against its classes."""

from __future__ import annotations

import re

from server import errors

_NODE = re.compile(r"^    ((?:│   |    )*)(?:├── |└── )?(\w+)(?: |$)")


def _drawn() -> dict[str, str]:
    """Each class of the drawing, with its parent."""
    parents: dict[str, str] = {}
    path: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        if found := _NODE.match(line):
            depth = 0 if "── " not in line else len(found[1]) // 4 + 1
            del path[depth:]
            parents[found[2]] = path[-1] if path else ""
            path.append(found[2])
    return parents


def test_the_drawn_tree_is_that_of_the_classes() -> None:
    classes = errors.error_codes().values()
    real = {cls.__name__: cls.__mro__[1].__name__ for cls in classes}
    assert _drawn() == {**real, "ParlorError": ""}


def test_every_code_belongs_to_one_class() -> None:
    pending, codes = [errors.ParlorError], list[str]()
    while pending:
        cls = pending.pop()
        codes.append(cls.code)
        pending.extend(cls.__subclasses__())
    assert sorted(codes) == sorted(set(codes))
