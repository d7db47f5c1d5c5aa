"""Budgets of steps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Effort:
    """A budget of steps, shared by all branches of one proof."""

    left: int
    parent: Effort | None = None

    def share(self) -> Effort:
        """Half of what is left, so that the first choices do not use up everything."""
        return Effort(self.left // 2, self)

    def spend(self) -> bool:
        self.left -= 1
        if self.parent is not None:
            self.parent.spend()
        return self.left >= 0
