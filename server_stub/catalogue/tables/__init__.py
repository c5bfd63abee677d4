"""Editions of the catalogue as data; read by server_stub.catalogue.reading."""
