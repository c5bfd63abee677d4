"""Dated rule tables as data; read by server_stub.rules.tables_file."""
