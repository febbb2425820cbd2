"""It hangs on import.

When: start
Seen: took longer than 5 s
"""

import time

time.sleep(120)
