"""
One rule of the planning problem, one file: its formula, where it comes from, and what an insertion has to ask.

The kernel compiles these formulas into its loops. The proof of an answer (`routing/checking`) shares none of them.
"""
