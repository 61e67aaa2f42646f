from __future__ import annotations

import pytest

from server.common.state_machine import IllegalMove, look_up


def test_a_pair_that_is_not_in_the_table_raises() -> None:
    table = {("shut", "open"): "ajar"}
    assert look_up(table, "shut", "open") == "ajar"
    with pytest.raises(IllegalMove, match="no row for close in state shut"):
        look_up(table, "shut", "close")
