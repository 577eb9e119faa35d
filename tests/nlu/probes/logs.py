"""Run by Rasa's interpreter: fails in the ways in which Rasa fails, with a person's words in every place."""

import logging

import structlog

from bot.rasa import server_logs

WORDS = "Karanfilsokak"

server_logs.configure()
try:
    raise ValueError(WORDS)
except ValueError:
    structlog.get_logger("rasa.core.channels.rest").exception("rest.message.received.failure", text=WORDS)
    logging.getLogger("rasa.core").exception("plain failure")
structlog.get_logger("rasa").info("processor.message.parse", parse_data_text=WORDS)
logging.getLogger("rasa").info(WORDS)
