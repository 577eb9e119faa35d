"""Paper and codes: how words become a PDF, a slip or a code to scan. What stands on them is
decided by `bot.hub.topic_leaflet`.

Fonts are the machine's own Noto (Debian's `fonts-noto-core`); nothing is ever fetched. Everything here works on the
calling thread and may take a second: callers keep it off their event loop.
"""
