"""The server's rooms, tested one by one."""
