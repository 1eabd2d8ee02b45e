"""The demo towns: invented people and activities, written as the CSV files that a real town would import."""
