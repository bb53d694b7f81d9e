"""Visits and contacts over all channels: how, how often, with what trouble."""
