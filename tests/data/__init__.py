"""Tests of what people edit: the content, the registry, the catalogues, the training data and their validators."""
