"""What is looked for on a page that is on the screen: each check gives findings, none when all is well."""
