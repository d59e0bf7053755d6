"""Tests of manifests, collections and lint."""
