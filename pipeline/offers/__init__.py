"""Who is offered what, when, on which channel and with which code; and who is left alone, and why."""
