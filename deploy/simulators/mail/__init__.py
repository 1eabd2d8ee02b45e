"""A mail catcher: takes every mail by SMTP, delivers none, and shows them in the browser and as JSON."""
