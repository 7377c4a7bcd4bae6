"""Questions about private DNS: does a name of the registry lead the nodes to its private endpoint?"""
