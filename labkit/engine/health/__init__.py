"""Health checks: ``verdict`` judges, ``probe`` asks, ``monitor`` asks on and on."""
