"""`python -m bot.checks`: runs the validators, or one of the commands that write.

Exit code 0: nothing to do; 1: there are findings. Each finding is one line, `path: reason: remedy`.
"""
