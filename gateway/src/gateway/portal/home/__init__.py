"""My family account: the page that a family sees first."""
