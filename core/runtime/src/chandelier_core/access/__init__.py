"""Who may use the API: tokens, sessions of browsers, and the login with Discord."""
