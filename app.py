"""Starts the chat page with the settings in force, building the index first where it is missing or stale."""

import sys

from rag.__main__ import main

if __name__ == "__main__":
    sys.argv[1:1] = ["serve"]
    main()
