"""What Discord's client does for a person before anything is sent, and with what comes back."""
