"""What operators watch: the names of all metrics, as the code declares them."""
