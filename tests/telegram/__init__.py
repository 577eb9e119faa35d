"""Telegram: the channel adapter, and the emulator that stands in for Telegram's servers."""
