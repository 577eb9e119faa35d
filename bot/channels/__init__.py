"""Doors for chat: each channel turns foreign updates into messages and utterances into what it can show."""
