"""What holds for all tests, wherever they are started from."""

import signal

# Shells start background jobs with Ctrl-C ignored, and children inherit that; tests of Ctrl-C need it to arrive.
signal.signal(signal.SIGINT, signal.default_int_handler)
