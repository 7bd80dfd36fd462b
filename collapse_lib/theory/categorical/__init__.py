"""Categories whose model stores the observed frequencies, unless a file says otherwise."""
