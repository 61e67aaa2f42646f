"""The composition root: the only place that constructs the concrete classes and connects them."""

from server.wiring.assemble import Components, assemble
from server.wiring.common import new_node_id

__all__ = ["Components", "assemble", "new_node_id"]
