r"""It ends the program on import.

When: start
Seen: it tried to end the program \(SystemExit 3\)
"""

import sys

sys.exit(3)
