"""Who somebody is: accounts, passwords, sessions, second factors. What they may is told below."""
