"""Hand-over: threads between an applicant and the people who take over, their queue, and who these people are.

Knows no web. The hub opens cases and appends to them (`opening`); the staff door claims, answers and closes them
(`work`) and reads `queue` and `thread`. A case's state is never stored: it is the last of its entries that changes it.
"""
