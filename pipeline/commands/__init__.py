"""What a person starts beside the stages, one file a command; nothing imports them."""
