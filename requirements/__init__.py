"""Which packages the set-up installs, to the byte, and what is known of them."""
