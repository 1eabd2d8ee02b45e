"""The chassis: mechanism that every service shares, and not one word of the domain."""

import warnings

# Its notice that new projects should choose something else is answered in docs/adr.
warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
