"""``python -m bot`` is the command ``wence``."""

import sys

from bot.cli import main

sys.exit(main())
