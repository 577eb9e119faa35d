"""Rasa's custom actions: what was understood goes in, keys come out. Prose lives in `content/` and `locales/`.

Runs in the action server's own environment: standard library, rasa_sdk and `bot.keys` only. Rasa's SDK answers an
exception with a body that repeats the whole tracker, so no action lets one escape.
"""
