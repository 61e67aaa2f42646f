"""Our offers and the answers to them (RFC 8829, RFC 3264): plain text in and out, no I/O."""
