"""Images built and run on one machine: an engine of one's own, stand-ins for images that can't be fetched."""
