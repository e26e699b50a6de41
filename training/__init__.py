"""Questions of our own, and what is fitted on them. Nothing that the product is measured on is read here."""
