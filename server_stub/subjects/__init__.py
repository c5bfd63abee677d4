"""Who the records are about: the register of units and persons."""
