"""MEI, the encoding of the Music Encoding Initiative: modern (CMN) and mensural notation."""
