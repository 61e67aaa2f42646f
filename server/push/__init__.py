"""Web Push: messages to people's devices through the push services of their browsers."""
