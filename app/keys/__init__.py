"""Keys of this computer: the device's own, the system keyring, the envelope around the vault's keys."""
