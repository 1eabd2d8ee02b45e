"""What the pages of both sides share: the frame, forms of this site only, files, labels."""
