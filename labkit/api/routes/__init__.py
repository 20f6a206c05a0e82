"""Every path of the API, one file a noun: parse, call one verb, present."""
