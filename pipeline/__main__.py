"""``python -m pipeline`` is ``storysafe``."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
