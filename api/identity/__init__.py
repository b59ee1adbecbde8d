"""Who somebody is: accounts, passwords, sessions, second factors, tokens. What they may is below."""
