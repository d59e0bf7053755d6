"""CMME, the encoding of the Computerized Mensural Music Editing project."""
