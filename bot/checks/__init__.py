"""The repository's own validators: `python -m bot.checks` reads what people edit and says what does not fit.

One rule lives in one small module. Rules collect findings and never stop at the first. They only read; the
commands that write (`extract`, `compile`, `translated`) say so in their help.
"""
