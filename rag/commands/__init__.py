"""The commands of `python -m rag`, one subject a file. They read flags, call the stage and print; they decide nothing.

Heavy imports stand inside the commands, so that `--help` and `ask` load only what they need.
"""
