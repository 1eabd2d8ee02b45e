"""People: the adults who are responsible for a child."""
