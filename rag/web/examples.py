"""Questions to begin with, by theme. Whoever serves other documents sees those that they answer.

Left out: when they are tried. It takes seconds, so that waits until somebody opens the chat (`extras`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rag.datatypes import Outcome
from rag.pipeline import Pipeline

THEMES = {
    "Rules, and whether they hold": (
        "What is the status of the AI Diffusion Rule?",
        "What is the Affiliates Rule, and does it apply today?",
        "Which rules are suspended?",
    ),
    "Chips and sales": (
        "What did BIS say about Huawei Ascend chips in May 2025?",
        "What did Nvidia agree to pay on H20 sales?",
        "What is the latest on the H200?",
    ),
    "China’s measures": (
        "How did China restrict gallium and germanium?",
        "What did China announce about rare earth exports in October 2025?",
        "What was agreed in Busan?",
    ),
    "Tools, allies, voices": (
        "Which Dutch chip tools need a licence?",
        "What did Japan add to its export controls in 2023?",
        "What did Jensen Huang say about China?",
    ),
}
CHINESE = {
    "规则及其效力": ("AI扩散规则现在是什么状态？", "关联方规则现在适用吗？"),
    "中方措施": ("中国如何限制镓和锗的出口？", "釜山会晤达成了什么？"),
    "设备": ("荷兰哪些芯片设备需要许可？",),
}
FIRST: dict[str, Mapping[str, tuple[str, ...]]] = {"en": THEMES, "zh": CHINESE}  # by the language of the page


def answered(pipeline: Pipeline, first: Mapping[str, tuple[str, ...]]) -> list[dict[str, Any]]:
    """The themes with the questions that this index answers. Asks them all once, each as readers will."""
    themes = [
        {"theme": theme, "questions": [q for q in questions if pipeline.ask(q).outcome is Outcome.ANSWERED]}
        for theme, questions in first.items()
    ]
    return [theme for theme in themes if theme["questions"]]
