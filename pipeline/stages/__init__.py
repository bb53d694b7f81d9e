"""One file a DVC stage, named as the stage: parse, load, call, check, write, one log line."""
