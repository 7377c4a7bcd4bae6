"""How a virtual network treats a packet: addresses, names, rules and routes, as pure functions of facts."""
