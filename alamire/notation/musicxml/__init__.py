"""MusicXML, the exchange form of the programs that modern editors write scores with."""
