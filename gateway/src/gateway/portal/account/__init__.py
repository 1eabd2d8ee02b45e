"""My account: log in and out, where I am logged in, the messages that I was sent."""
