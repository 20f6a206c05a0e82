"""JSON bodies and query strings -> the engine's records. Checks types, not sense."""
