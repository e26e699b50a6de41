"""A Chinese follow-up of a common form -> the same in English, so that it can lean on an English conversation.

    那中国怎么回应的？ -> How did China respond?     日本呢？ -> And Japan?     现在还有效吗？ -> Does it still apply?

Only forms that say nothing of their own but a name; the records are English, and what is searched is shown.
Left out: every other Chinese question, which is searched as it is.
"""

from __future__ import annotations

import re

from rag.names import CHINESE, CHINESE_OFFICE

_OPENS = r"(?:那么?|那|所以|另外|还有)?[，, ]*"
_NAME = rf"(?P<name>{'|'.join(sorted(CHINESE, key=len, reverse=True))}){CHINESE_OFFICE}"
_ON_IT = r"(?:对(?:此|这|这个|它|这件事)(?:事)?)?"
_HOW = r"(?:当时|后来|又|是)?(?:怎么|如何|怎样|有什么|有何|什么)?(?:样)?"
_FORMS = tuple(
    (re.compile(rf"{_OPENS}{form}[？?。!！ ]*"), english)
    for form, english in (
        (rf"{_NAME}{_ON_IT}{_HOW}(?:回应|反应|应对|反制|回答)(?:的|了)?(?:呢|吗)?", "How did {name} respond?"),
        (
            rf"{_NAME}{_ON_IT}{_HOW}(?:说|表示|评论|表态|看|看待|看法|立场|态度)(?:的|了)?(?:什么|呢|吗)?",
            "What did {name} say?",
        ),
        (rf"{_NAME}呢", "And {name}?"),
        (
            r"(?:这|它|它们|这个|该规则|该规定)?(?:现在|目前|如今|是否)?(?:还|仍|仍然|依然)"
            r"(?:有效|适用|生效|在执行)(?:吗|呢)?",
            "Does it still apply?",
        ),
        (r"(?:这|它)?后来(?:怎么样|怎样|如何|怎么)(?:了)?(?:呢)?", "What became of it?"),
        (r"(?:这|它)?(?:是)?(?:什么时候|何时|哪一天)(?:的|开始的?|宣布的?|生效的?)?(?:呢)?", "When?"),
        (r"(?:这|它)?(?:将|会|是)?(?:什么时候|何时|哪一天)(?:会)?(?:到期|结束|失效)(?:呢|的)?", "When does it end?"),
        (r"(?:这是)?(?:为什么|为何)(?:呢)?", "Why?"),
        (r"(?:是)?(?:由)?谁(?:宣布|公布|提出|说)(?:的|了)?(?:呢)?", "Who announced it?"),
        (r"(?:这|它)?(?:后来)?(?:被)?(?:取消|解除|撤销|废除|暂停)(?:了)?(?:吗|没有)", "Was it lifted?"),
        (r"(?:一共|总共)?(?:有)?多少(?:个|家|种)?(?:呢)?", "How many?"),
        (r"有(?:没有|哪些|什么)?例外(?:吗|情况)?", "Are there exceptions?"),
        (r"(?P<year>(?:19|20)\d\d)年呢", "And in {year}?"),
    )
)  # fmt: skip


def in_english(question: str) -> str:
    """The English of a Chinese follow-up; any other question unchanged."""
    for form, english in _FORMS:
        if match := form.fullmatch(question.strip()):
            said = match.groupdict()
            return english.format(**said | {"name": CHINESE[said["name"]]} if said.get("name") else said)
    return question
