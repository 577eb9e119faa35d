"""`python -m bot.checks.new_language uk`: prepares everything that a translator fills, and says how far a language is.

Each text and list that is missing gets a working file beside its place, named with `.todo` behind it. Nothing reads it,
so nothing half-written can reach a person or the training. When it is complete, the next run puts it into its place.
What somebody wrote is never overwritten.
"""
