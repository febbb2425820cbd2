"""The language of answers: Liquid, with limits, over data alone. Nothing in here knows Discord or the database."""
