from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest

from server.cluster.nodes import NodeInfo, cluster_token, conflict, decoded, entry_key, fingerprint
from server.cluster.signatures import signed, verified

KEY = entry_key("a" * 32)
INFO = NodeInfo("n-1-4f3a", "/n/n-1", "http://10.0.0.1:8080", "f1", "ok")


def test_what_a_server_says_of_itself_is_read_by_the_others() -> None:
    assert decoded(INFO.encoded(KEY), KEY) == (INFO, True)
    assert decoded(INFO.encoded(KEY), entry_key("b" * 32)) == (INFO, False)
    assert INFO.name == "n-1"
    assert decoded("0" * 64 + json.dumps({**asdict(INFO), "added_later": 1}), KEY) == (INFO, False)


@pytest.mark.parametrize(
    "text", ["", "x", "[]", "1", "{}", "[" * 100_000, json.dumps({**asdict(INFO), "url": 7})]
)
def test_entries_of_other_applications_are_ignored(text: str) -> None:
    assert decoded("0" * 64 + text, KEY) is None
    assert decoded(text, KEY) is None


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (replace(INFO, id="n2-aaaa"), None),
        (INFO, None),
        (replace(INFO, id="n-1-bbbb"), "another server has the name n-1"),
        (replace(INFO, id="n2-aaaa", fingerprint="f2"), "the server n2 has another PARLOR_SECRET"),
    ],
)
def test_two_of_one_name_or_of_two_secrets_must_not_run_together(other: NodeInfo, reason: str | None) -> None:
    found = conflict(INFO, [other])
    assert found is None if reason is None else found is not None and found.startswith(reason)


def test_the_token_and_the_fingerprint_derive_from_the_secret_and_do_not_show_it() -> None:
    assert cluster_token("a" * 32) != cluster_token("b" * 32)
    assert fingerprint("a" * 32) != fingerprint("b" * 32)
    assert fingerprint("a" * 32) not in cluster_token("a" * 32)


@pytest.mark.parametrize(("load", "seen"), [(0.25, 0.25), (None, 0.0), ("x", None), (float("nan"), None)])
def test_the_load_is_optional_and_a_number(load: object, seen: float | None) -> None:
    """A server of the version before says nothing about it."""
    entry = json.loads(verified(replace(INFO, load=0.5).encoded(KEY), KEY)[0])
    del entry["load"]
    text = json.dumps(entry if load is None else entry | {"load": load})
    found = decoded(signed(text, KEY), KEY)
    assert (found[0].load if found else None) == seen
