"""``python -m labkit.daemon``."""

import sys

from labkit.daemon.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
