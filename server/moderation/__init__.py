"""Safety among strangers: reports, warnings, mutes and bans, words that are not shown, a log."""
