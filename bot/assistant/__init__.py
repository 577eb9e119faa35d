"""The port to Rasa: a question goes out as plain text, keys come back. Nothing here imports Rasa."""

from bot.assistant.port import Assistant, AssistantAway, AssistantFailed, AssistantSlow, Reply, Understanding

__all__ = ["Assistant", "AssistantAway", "AssistantFailed", "AssistantSlow", "Reply", "Understanding"]
