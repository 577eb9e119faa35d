"""The kiosk: the language wall, the conversation, the safe page for checks. It remembers one visit and then nothing."""
