"""Run by Rasa's interpreter: reads a JSON list of texts, writes their vectors as JSON. null is "not encoded"."""

import json
import sys

from bot.rasa.encoder import load_encoder

encoder = load_encoder()
texts = json.load(sys.stdin)
vectors = [None if encoder is None else encoder.vector(text) for text in texts]
json.dump([None if vector is None else [float(x) for x in vector] for vector in vectors], sys.stdout)
