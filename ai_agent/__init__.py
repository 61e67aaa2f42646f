"""The tutor's worker and its engines."""

import os

# onnxruntime reports its use to its maker unless it finds this when it is imported. Every process with an
# engine imports this package first.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
