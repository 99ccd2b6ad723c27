"""How somebody gets into a Vigie in which nobody has an account yet: the one command, as every door names it.

It makes no account.
"""

COMMAND = "vigie user add NAME --role administrator --generate"
