"""The command line: `python -m rag`, or `chipquote` once installed.

Data goes to stdout, chatter to stderr. Exit status: 0 done or answered, 2 not found, 1 error (with how to mend it).
Left out: the commands themselves (`commands`).
"""

from __future__ import annotations

import os
import sys

import click

from rag.commands.ask import ask
from rag.commands.check import check
from rag.commands.evaluate import evaluate
from rag.commands.feedback import feedback
from rag.commands.fetch import fetch
from rag.commands.index import index, list_documents, remove
from rag.commands.serve import mcp, password, serve
from rag.commands.terminal import ERROR, say
from rag.commands.verify import verify
from rag.errors import ChipQuoteError

cli = click.Group(
    commands=[ask, check, evaluate, feedback, fetch, index, list_documents, mcp, password, remove, serve, verify],
    help="Answer questions about US-China chip policy with verbatim quotes, each cited to its exact place.",
    epilog="Settings: flags, then CHIPQUOTE_… variables, then chipquote.toml, then defaults. See README.md.",
)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its status."""
    # Products of a few thousand numbers: threads of numpy's own only wait for each other where others work too.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        status = cli.main(arguments, prog_name="chipquote", standalone_mode=False)
    except ChipQuoteError as error:
        say(f"error: {error}")
        status = ERROR
    except click.ClickException as error:
        error.show()
        status = ERROR
    except (click.Abort, KeyboardInterrupt):
        say("Stopped. The last good index still serves.")
        status = 130
    except BrokenPipeError:  # the reader of our output has gone, `| head` for one
        sys.stderr.close()
        status = ERROR
    sys.exit(status)


if __name__ == "__main__":
    main()
