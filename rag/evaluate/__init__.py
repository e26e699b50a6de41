"""Gold questions -> Scorecard, comparison, report. Runs the pipeline that the chat uses; no judge model.

from rag.evaluate import evaluate, read_questions
card = evaluate(read_questions(Path("tests/gold/questions.jsonl")), pipeline)
card.scores["quote hit@3"].value; pandas.DataFrame(card.rows())
"""

from rag.evaluate.questions import Question, read_questions
from rag.evaluate.scorecard import Scorecard, evaluate
from rag.evaluate.statistics import Difference, Estimate

__all__ = ["Difference", "Estimate", "Question", "Scorecard", "evaluate", "read_questions"]
