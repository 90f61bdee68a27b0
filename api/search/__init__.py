"""Finding activities: one port, and the engines that stand behind it."""
