"""The Telegram channel: updates in through the inbox, utterances out from the outbox.

    updates    what an update means                    markup     an utterance as Telegram's HTML
    intake     updates into the database               buttons    its keyboard
    polling    getUpdates, by one leader               sender     gives both to Telegram and says how that ended
    webhook    the same by POST                        pacing     how fast that may go
    courtesy   spinners and "typing …"                 private    deletes private results after ten minutes
    api        the client, made quiet                  process    all of it as one process

python-telegram-bot's own `Application` and updater are not used: they confirm updates from memory, so a killed process
would lose what people wrote (docs/decisions/0007-telegram.md).
"""
