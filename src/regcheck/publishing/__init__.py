"""Pages become a site: the folder that a builder reads, the builders, and what they built made safe.

All of it is plain functions, which the plugin for MkDocs and the path by Zensical
both call. MkDocs itself is imported in `mkdocs_plugin` only.
"""
