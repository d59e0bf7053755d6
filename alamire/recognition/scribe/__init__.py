"""A scribe that writes training pages: every stroke procedural, every choice by the seed."""
