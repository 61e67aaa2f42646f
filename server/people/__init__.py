"""People and each other: blocks, profile cards, follows, invitations."""
