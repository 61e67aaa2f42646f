"""Runs axe on a page for WCAG 2.1 A and AA."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.async_api import Page

AXE = Path(__file__).parents[2] / "web/node_modules/axe-core/axe.min.js"
_AT_REST = """
() => Promise.allSettled(
  document.getAnimations()
    .filter((animation) => animation.effect?.getComputedTiming().iterations !== Infinity)
    .map((animation) => animation.finished),
)
"""
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


async def violations(page: Page) -> list[str]:
    """One line per violation: rule, impact, elements. Runs in the debugger, which no CSP restricts."""
    if not await page.evaluate("() => 'axe' in window"):
        await page.evaluate(AXE.read_text())
    # Text that fades in has less contrast, so the page is checked without animations.
    await page.emulate_media(reduced_motion="reduce")
    await page.evaluate(_AT_REST)
    found: dict[str, Any] = await page.evaluate(
        "rules => axe.run(document, { runOnly: rules, resultTypes: ['violations'] })", _RULES
    )
    await page.emulate_media(reduced_motion="no-preference")
    return [_line(violation) for violation in found["violations"]]


def _line(violation: dict[str, Any]) -> str:
    nodes = "; ".join(f"{node['html'][:160]} [{_summary(node)}]" for node in violation["nodes"][:4])
    return f"{violation['id']} ({violation['impact']}): {nodes}"


def _summary(node: dict[str, Any]) -> str:
    return str(node.get("failureSummary", "")).replace("\n", " ")[:200]
