"""What Kith costs and how well it finds, side by side with its peers, in one run.

Machines differ and are noisy: trust the ratios, not the seconds.
"""
