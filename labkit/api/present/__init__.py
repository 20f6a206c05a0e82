"""The engine's records -> JSON bodies, in Docker's odd spellings."""
