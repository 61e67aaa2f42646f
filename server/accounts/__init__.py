"""Ways to come back to a profile: passkeys, e-mail, a provider, codes; one's data."""
