"""Log records become canonical exchanges, accounts and models; what cannot is set aside."""
