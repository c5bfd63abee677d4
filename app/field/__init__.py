"""The field's words as frozen structs and pure functions; shared by client, server and renderer."""
