"""Reading aloud: which voice a language has, how a text is spoken, and where its sound comes from.

A person's recording goes before a sound that was made beforehand, and that before one that is made at this moment. What
pages read aloud, and when, is the kiosk's business; nothing here writes a text down or logs it.
"""
