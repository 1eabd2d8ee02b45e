"""What an organisation offers: centres, activities, periods, deadlines, and its calendar of days."""
