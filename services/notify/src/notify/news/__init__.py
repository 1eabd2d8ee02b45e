"""News: what a person is to be told together with other things, a little later or once a day."""
