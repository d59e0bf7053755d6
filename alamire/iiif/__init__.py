"""IIIF: manifests, the collection, and lint for what schema validators let through."""
