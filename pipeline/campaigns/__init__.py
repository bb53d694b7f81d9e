"""What came back from a wave, and what the wave caused."""
