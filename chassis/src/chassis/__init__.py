"""The chassis: mechanism that every service shares, and not one word of the domain."""
